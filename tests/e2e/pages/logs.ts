// The Logs page.
import type { Locator } from "@playwright/test";
import { Shell } from "./shell";

export class LogsPage extends Shell {
  get text(): Locator {
    return this.page.getByRole("textbox", { name: "Text in the message" });
  }

  get total(): Locator {
    return this.page.getByTestId("logs-line").locator("strong");
  }

  get rows(): Locator {
    return this.page.getByRole("list", { name: "Records" }).getByRole("listitem");
  }

  row(text: string): Locator {
    return this.rows.filter({ hasText: text }).getByRole("button", { expanded: false });
  }

  get detail(): Locator {
    return this.page.getByTestId("log-detail");
  }

  get follow(): Locator {
    return this.page.getByRole("button", { name: /^Follow/ });
  }
}
