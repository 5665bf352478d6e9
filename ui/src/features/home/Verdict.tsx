// The first line of the first page: whether anything is wrong, and where.
import { CircleAlert, CircleCheck, CircleDashed, TriangleAlert } from "lucide-react";
import { describeRange, type TimeRange } from "../../model/range";
import { count, percent } from "../../model/units";
import { ServiceName } from "../../panels/ServiceName";
import { Link } from "../../routes/Link";
import { toConnect, toLogs, toTargets, toTraces } from "../../routes/links";
import type { Mistake, Service, Status } from "../../wire/api";

type VerdictProps = {
  services: readonly Service[];
  mistakes: readonly Mistake[];
  status: Status | null;
  range: TimeRange;
};

export function Verdict({ services, mistakes, status, range }: VerdictProps) {
  const failing = services
    .filter(({ errors }) => errors > 0)
    .sort((a, b) => b.error_ratio - a.error_ratio);
  const noisy = services.filter(({ errors, log_errors }) => errors === 0 && log_errors > 0);
  const storeFault = status?.store.read_only ?? null;
  const [fileFault] = status?.configuration.faults ?? [];
  const wrong = failing.length + mistakes.length + (storeFault || fileFault ? 1 : 0) > 0;
  return (
    <section className="verdict" aria-label="Is anything wrong?" data-testid="verdict">
      {storeFault && (
        <p className="verdict-line">
          <CircleAlert size={16} className="bad" aria-hidden /> Nothing is being stored:{" "}
          {storeFault}
        </p>
      )}
      {fileFault && (
        <p className="verdict-line">
          <CircleAlert size={16} className="bad" aria-hidden />
          <Link className="link" to={toTargets()}>
            prometheus.yml:{fileFault.line}:{fileFault.column}
          </Link>{" "}
          {fileFault.message}
        </p>
      )}
      {failing.length > 0 && <FailingLine failing={failing} />}
      {noisy.length > 0 && <NoisyLine noisy={noisy} />}
      {mistakes.length > 0 && <MistakeLine mistakes={mistakes} />}
      {!wrong && noisy.length === 0 && (
        <p className="verdict-line">
          {services.length > 0 ? (
            <CircleCheck size={16} className="ok" aria-hidden />
          ) : (
            <CircleDashed size={16} className="dim" aria-hidden />
          )}
          {services.length > 0
            ? `Nothing is wrong: no failed request in ${services.length} service${services.length === 1 ? "" : "s"}, ${describeRange(range)}.`
            : `Nothing has arrived in the ${describeRange(range)}.`}
        </p>
      )}
    </section>
  );
}

function FailingLine({ failing }: { failing: readonly Service[] }) {
  return (
    <p className="verdict-line">
      <CircleAlert size={16} className="bad" aria-hidden />
      <strong>
        {failing.length} service{failing.length === 1 ? " has" : "s have"} failed requests:
      </strong>
      {failing.slice(0, 5).map((service) => (
        <span key={service.name} className="verdict-item">
          <ServiceName
            name={service.name}
            to={toTraces({ service: service.name, status: "error" })}
          />
          <Link to={toTraces({ service: service.name, status: "error" })} className="bad">
            {percent(service.error_ratio)} ({count(service.errors)})
          </Link>
        </span>
      ))}
      {failing.length > 5 && <span className="dim">and {failing.length - 5} more</span>}
    </p>
  );
}

function NoisyLine({ noisy }: { noisy: readonly Service[] }) {
  return (
    <p className="verdict-line">
      <TriangleAlert size={16} className="warn" aria-hidden />
      Error logs from
      {noisy.slice(0, 5).map((service) => (
        <span key={service.name} className="verdict-item">
          <ServiceName
            name={service.name}
            to={toLogs({ service: service.name, severity: "error" })}
          />
          <span className="warn">{count(service.log_errors)}</span>
        </span>
      ))}
    </p>
  );
}

function MistakeLine({ mistakes }: { mistakes: readonly Mistake[] }) {
  const first = mistakes[0];
  return (
    <p className="verdict-line">
      <TriangleAlert size={16} className="warn" aria-hidden />
      <span>
        {mistakes.length === 1
          ? "A sender is set up wrongly"
          : `${mistakes.length} senders are set up wrongly`}
        {first && <span className="ink2">: {first.title}</span>}
      </span>
      <Link className="link" to={toConnect()}>
        What to do
      </Link>
    </p>
  );
}
