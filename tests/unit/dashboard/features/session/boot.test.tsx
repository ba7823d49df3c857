import { readFileSync } from "node:fs";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Boot } from "../../../../../src/dashboard/features/session/boot.tsx";
import { ServicesContext } from "../../../../../src/dashboard/services.ts";
import type { Services } from "../../../../../src/dashboard/services.ts";

/** One form of both: no white space between tags, and no difference in how an empty tag ends. */
function normalise(html: string): string {
  return html
    .replaceAll(/\s+/g, " ")
    .replaceAll(/\s*(<|>)\s*/g, "$1")
    .replaceAll(/\s*\/>|<\/(?:rect|circle|path)>/g, (end) => (end.startsWith("<") ? "" : ">"));
}

function shellOf(page: string): string {
  const shell = /<div id="root">(.*)<\/div>\s*<template/s.exec(page)?.[1] ?? "";
  return shell.replace(/<noscript>.*?<\/noscript>/s, "");
}

test("index.html shows what the page renders while it opens, apart from the name that is configured", () => {
  const services = { config: { brand: "" } } as unknown as Services;
  const rendered = renderToStaticMarkup(
    <ServicesContext value={services}>
      <Boot />
    </ServicesContext>,
  );
  const shell = shellOf(readFileSync("index.html", "utf8"));
  expect(normalise(shell)).toBe(normalise(rendered).replace("<span></span>", ""));
});
