// The lines that take a label off a metric while it is scraped, and what that does to its series.
import { CodeBlock } from "../../design/CodeBlock";
import { dropLabelLines, dropMetricLines } from "../../model/relabelling";
import { exact } from "../../model/units";
import type { LabelCost } from "../../wire/api";

export function DropLines({ cost: { metric, label, series, without } }: { cost: LabelCost }) {
  return (
    <div className="drop-lines">
      <div>
        <h3>
          The label: {exact(series)} series become {exact(without)}
        </h3>
        <CodeBlock label={`the lines that drop ${label}`} text={dropLabelLines(metric, label)} />
      </div>
      <div>
        <h3>The whole metric: {exact(series)} series less</h3>
        <CodeBlock label={`the lines that drop ${metric}`} text={dropMetricLines(metric)} />
      </div>
      <p className="ink2">
        They belong under the job in <code>prometheus.yml</code>. Relabelling does not add up: of
        the samples of one scrape that become the same series, one is kept. Where their sum matters,
        drop the label where it is recorded (in OpenTelemetry a View does that), or read{" "}
        <code>
          sum without ({label}) ({metric})
        </code>
        .
      </p>
    </div>
  );
}
