// Starts the browser whose path is given as the tests will, and ends with an
// error when it draws no page: a missing library shows only then.
import { chromium } from "playwright-core";

const browser = await chromium.launch({ executablePath: process.argv[2] ?? "", timeout: 20_000 });
const page = await browser.newPage();
await page.goto("data:text/html,<title>It works</title>", { timeout: 10_000 });
await browser.close();
