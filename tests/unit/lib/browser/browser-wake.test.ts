import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createBrowserWake } from "../../../../src/lib/browser/browser-wake.ts";

let fakeDocument: EventTarget & { visibilityState: string };
let fakeWindow: EventTarget;

beforeEach(() => {
  fakeDocument = Object.assign(new EventTarget(), { visibilityState: "visible" });
  fakeWindow = new EventTarget();
  vi.stubGlobal("document", fakeDocument);
  vi.stubGlobal("window", fakeWindow);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test("wakes when the page is shown, resumes, or is online again", () => {
  const listener = vi.fn();
  createBrowserWake().subscribe(listener);
  fakeDocument.dispatchEvent(new Event("visibilitychange"));
  fakeDocument.dispatchEvent(new Event("resume"));
  fakeWindow.dispatchEvent(new Event("pageshow"));
  fakeWindow.dispatchEvent(new Event("online"));
  expect(listener).toHaveBeenCalledTimes(4);
});

test("sleeps on when the page is hidden", () => {
  const listener = vi.fn();
  createBrowserWake().subscribe(listener);
  fakeDocument.visibilityState = "hidden";
  fakeDocument.dispatchEvent(new Event("visibilitychange"));
  expect(listener).not.toHaveBeenCalled();
});

test("hears nothing after it was stopped", () => {
  const listener = vi.fn();
  createBrowserWake().subscribe(listener)();
  for (const type of ["visibilitychange", "resume"]) fakeDocument.dispatchEvent(new Event(type));
  for (const type of ["pageshow", "online"]) fakeWindow.dispatchEvent(new Event(type));
  expect(listener).not.toHaveBeenCalled();
});

test("is offline only when the browser knows it", () => {
  vi.stubGlobal("navigator", { onLine: false });
  expect(createBrowserWake().online()).toBe(false);
  vi.stubGlobal("navigator", { onLine: true });
  expect(createBrowserWake().online()).toBe(true);
});
