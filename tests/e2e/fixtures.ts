// What every spec starts with: an instance with known data, and a page that must not complain.
import { test as base, expect, type Page } from "@playwright/test";
import { Exporter } from "./exporter";
import { Instance } from "./instance";
import { fill } from "./shopData";

type Fixtures = {
  /** Complaints of the page; a test that expects some takes them out. */
  complaints: string[];
  /** An instance without any data. */
  quiet: Instance;
  /** Something to be scraped. */
  exporter: Exporter;
};
type Shared = {
  /** An instance with the data of shopData.ts. */
  shop: Instance;
  /** The demo shop with its own traffic. */
  demo: Instance;
};

/** Notes console errors, exceptions, violations of the content security policy, and requests to elsewhere. */
async function listen(page: Page, complaints: string[]): Promise<void> {
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  page.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    const own = ["data:", "blob:"].includes(protocol) || hostname === "127.0.0.1";
    if (!own) complaints.push(`request to ${request.url()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`CSP violation: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
}

export const test = base.extend<Fixtures, Shared>({
  shop: [
    async ({}, use) => {
      const shop = await Instance.serve();
      await fill(shop);
      await use(shop);
      await shop.stop();
    },
    { scope: "worker" },
  ],
  demo: [
    async ({}, use) => {
      const demo = await Instance.demo();
      await use(demo);
      await demo.stop();
    },
    { scope: "worker", timeout: 40_000 },
  ],
  quiet: async ({ page }, use) => {
    const quiet = await Instance.serve();
    await use(quiet);
    // A page that is still open would ask again, and complain that nobody answers.
    await page.close();
    await quiet.stop();
  },
  exporter: async ({}, use) => {
    const exporter = await Exporter.start();
    await use(exporter);
    await exporter.stop();
  },
  complaints: async ({}, use) => {
    const complaints: string[] = [];
    await use(complaints);
    expect(complaints).toEqual([]);
  },
  page: async ({ page, complaints }, use) => {
    await listen(page, complaints);
    await use(page);
  },
});

export { expect };
