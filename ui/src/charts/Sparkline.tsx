// Bars as wide as their table cell: how many, and in red how many failed.
import { memo } from "react";

type SparklineProps = { values: readonly number[]; bad?: readonly number[]; label: string };

const WIDTH = 120;
const HEIGHT = 22;

function bars(values: readonly number[], peak: number): string {
  const step = WIDTH / Math.max(1, values.length);
  return values
    .map((value, i) => {
      if (value <= 0) return "";
      const height = Math.max(1, (value / peak) * HEIGHT);
      return `M${(i * step).toFixed(1)} ${HEIGHT}v${(-height).toFixed(1)}h${(step - 0.8).toFixed(1)}v${height.toFixed(1)}z`;
    })
    .join("");
}

export const Sparkline = memo(function Sparkline({ values, bad, label }: SparklineProps) {
  const peak = Math.max(1e-9, ...values);
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      height={HEIGHT}
      role="img"
      aria-label={label}
    >
      <path d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} stroke="var(--line)" strokeWidth="1" />
      <path d={bars(values, peak)} fill="var(--ink-3)" opacity="0.75" />
      {bad && <path d={bars(bad, peak)} fill="var(--bad)" />}
    </svg>
  );
});
