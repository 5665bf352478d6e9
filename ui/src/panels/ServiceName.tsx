// A service: its dot in its hue and its name, a link where one would look next.
import type { CSSProperties } from "react";
import { Link } from "../routes/Link";
import type { Target } from "../routes/links";
import { serviceSlot } from "./serviceColours";

export function ServiceDot({ name }: { name: string }) {
  const { hue, tone } = serviceSlot(name);
  const style = { "--hue": hue } as CSSProperties;
  return <span className="dot" data-tone={tone} style={style} aria-hidden />;
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
