// Label names in a path are escaped as Prometheus reads them.
import { expect, it } from "vitest";
import { escapedLabel } from "./completion";

it.each([
  ["job", "job"],
  ["http.route", "U__http_2e_route"],
  ["a_b.c", "U__a__b_2e_c"],
  ["straße", "U__stra_df_e"],
])("%s is %s", (name, escaped) => expect(escapedLabel(name)).toBe(escaped));
