// What every page has: the rail, the time range, the theme, the palette.
import { expect, type Locator, type Page } from "@playwright/test";
import type { Instance } from "../instance";

export class Shell {
  constructor(
    readonly page: Page,
    readonly instance: Instance,
  ) {}

  async open(path: string): Promise<void> {
    await this.page.goto(this.instance.url + path);
    await expect(this.page.getByRole("navigation", { name: "Places" })).toBeVisible();
  }

  place(name: string): Locator {
    return this.page.getByRole("navigation", { name: "Places" }).getByRole("link", { name });
  }

  get timeRange(): Locator {
    return this.page.getByRole("button", { name: /^Time range/ });
  }

  get theme(): Locator {
    return this.page.getByRole("button", { name: /^Theme:/ });
  }

  /** Adds a filter as one types it: the field, then its value. */
  async filter(field: string, value: string): Promise<void> {
    await this.page.getByRole("button", { name: "Filter", exact: true }).click();
    const name = this.page.getByRole("combobox", { name: "Filter by" });
    await name.fill(field.split(" ")[0] ?? field);
    await this.page.getByRole("option", { name: new RegExp(`^${field}`) }).first().click();
    const text = this.page.getByRole("combobox");
    await expect(text).not.toHaveAttribute("aria-label", "Filter by");
    await text.fill(value);
    const option = this.page.getByRole("option").first();
    if ((await text.getAttribute("aria-label"))?.startsWith("status")) await option.click();
    else await text.press("Enter");
    await expect(this.page.getByRole("combobox")).toHaveCount(0);
  }

  param(name: string): string | null {
    return new URL(this.page.url()).searchParams.get(name);
  }
}
