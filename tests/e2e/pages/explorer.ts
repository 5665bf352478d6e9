// The explorer of metrics: its editor, its list of metrics, its ways of showing.
import type { Locator } from "@playwright/test";
import { Shell } from "./shell";

export class Explorer extends Shell {
  /** Opens with queries, A first; more parameters follow as they stand in an address. */
  async ask(queries: string[], more = ""): Promise<void> {
    const letters = "ABCDEF";
    const asked = queries.map((text, i) => `q=${encodeURIComponent(`${letters[i]}:${text}`)}`);
    await this.open(`/metrics/?${[...asked, more].filter(Boolean).join("&")}`);
  }

  query(letter = "A"): Locator {
    return this.page.getByRole("textbox", { name: `Query ${letter}` });
  }

  get find(): Locator {
    return this.page.getByRole("textbox", { name: "Find a metric" });
  }

  rows(table: "Legend" | "Table" | "Explain"): Locator {
    return this.page.getByRole("region", { name: table }).locator("tbody tr");
  }

  async show(name: "Graph" | "Table" | "Heat map" | "Explain"): Promise<void> {
    const group = this.page.getByRole("group", { name: "Show" });
    await group.getByRole("button", { name, exact: true }).click();
  }

  async write(text: string, letter = "A"): Promise<void> {
    await this.query(letter).click();
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.type(text);
  }
}
