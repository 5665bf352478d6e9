// A service: its dot in its hue and its name, a link where one would look next.
import type { CSSProperties } from "react";
import { hueOf } from "../model/colours";
import { Link } from "../routes/Link";
import type { Target } from "../routes/links";

export function ServiceDot({ name }: { name: string }) {
  return <span className="dot" style={{ "--hue": hueOf(name) } as CSSProperties} aria-hidden />;
}

export function ServiceName({ name, to }: { name: string; to?: Target }) {
  const shown = name === "" ? "(no service.name)" : name;
  const inner = (
    <>
      <ServiceDot name={name} />
      <span className="cut">{shown}</span>
    </>
  );
  return to ? (
    <Link to={to} className="service-name" title={shown}>
      {inner}
    </Link>
  ) : (
    <span className="service-name" title={shown}>
      {inner}
    </span>
  );
}
