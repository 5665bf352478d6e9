// The Targets page: jobs, their targets, and one taken apart.
import type { Locator } from "@playwright/test";
import { Shell } from "./shell";

export class TargetsPage extends Shell {
  job(name: string): Locator {
    return this.page.getByRole("region", { name: `Job ${name}` });
  }

  row(text: string): Locator {
    return this.page.locator("tr.target-row").filter({ hasText: text });
  }

  state(name: "up" | "down" | "unknown" | "dropped"): Locator {
    return this.page.getByRole("group", { name: "State" }).getByRole("button", { name });
  }

  /** Opens a row and gives what is shown under it. */
  async takeApart(text: string): Promise<Locator> {
    await this.row(text).getByRole("button").click();
    return this.page.locator(".target-details");
  }
}
