// The search for traces, and one opened trace.
import { expect, type Locator } from "@playwright/test";
import { Shell } from "./shell";

export class TracesPage extends Shell {
  get total(): Locator {
    return this.page.getByTestId("traces-total").locator("strong");
  }

  get rows(): Locator {
    return this.page.getByRole("list", { name: "Traces" }).getByRole("listitem");
  }

  async openFirst(): Promise<void> {
    await this.rows.first().getByRole("link").click();
    await expect(this.page.getByTestId("waterfall")).toBeVisible();
  }
}

export class TracePage extends Shell {
  get spans(): Locator {
    return this.page.getByTestId("waterfall").getByRole("treeitem");
  }

  span(name: string | RegExp): Locator {
    return this.page.getByTestId("waterfall").getByRole("treeitem", { name });
  }

  get selected(): Locator {
    return this.page.getByTestId("waterfall").locator('[aria-selected="true"]');
  }

  get details(): Locator {
    return this.page.getByRole("complementary", { name: "Details" });
  }

  async choosePart(name: string): Promise<void> {
    await this.details.getByRole("tab", { name: new RegExp(`^${name}`) }).click();
  }

  get find(): Locator {
    return this.page.getByRole("textbox", { name: "Find in trace" });
  }

  get findCount(): Locator {
    return this.page.getByRole("search").getByRole("status");
  }
}
