// One browser that the system has, one worker: the instance under test is shared by the specs.
import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = process.env.WATCHGLASS_CHROMIUM ?? usual.find((path) => existsSync(path));
if (!executablePath) throw new Error("There is no Chromium: install it or set WATCHGLASS_CHROMIUM");

export default defineConfig({
  testDir: "specs",
  outputDir: "results/failures",
  workers: 1,
  timeout: 40_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    viewport: { width: 1280, height: 800 },
    colorScheme: "dark",
    locale: "en-GB",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
