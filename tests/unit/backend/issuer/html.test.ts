import { describe, expect, it } from "vitest";
import { html } from "../../../../src/backend/issuer/pages/html.ts";

describe("html", () => {
  it("escapes every value, for text and for quoted attributes", () => {
    const value = `<a href="x" title='y'>&amp;`;
    const escaped = "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;";
    expect(html`<p title="${value}">${value}</p>`.markup).toBe(
      `<p title="${escaped}">${escaped}</p>`,
    );
  });

  it("puts markup into markup as it is, and nothing for undefined", () => {
    const items = ["a", "<"].map((text) => html`<b>${text}</b>`);
    expect(html`<i>${items}${undefined}</i>`.markup).toBe("<i><b>a</b><b>&lt;</b></i>");
  });
});
