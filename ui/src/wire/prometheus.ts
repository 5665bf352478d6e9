// The answers of the Prometheus HTTP API, as far as the UI reads them. Their shapes are Prometheus's, not ours:
// prometheus.io/docs/prometheus/latest/querying/api.

export type LabelSet = Record<string, string>;

/** Seconds since 1970, and the value as text: JSON has no NaN and no infinity. */
export type WireSample = [number, string];

/** Which ends belong to the bucket (0 right, 1 left, 2 none, 3 both), its two ends, and how many are in it. */
export type WireBucket = [number, string, string, string];
export type WireHistogram = { count: string; sum: string; buckets?: WireBucket[] };
export type WireHistogramSample = [number, WireHistogram];

export type VectorElement = {
  metric: LabelSet;
  value?: WireSample;
  histogram?: WireHistogramSample;
};
export type MatrixElement = {
  metric: LabelSet;
  values?: WireSample[];
  histograms?: WireHistogramSample[];
};

export type QueryAnswer =
  | { resultType: "vector"; result: VectorElement[] }
  | { resultType: "matrix"; result: MatrixElement[] }
  | { resultType: "scalar"; result: WireSample }
  | { resultType: "string"; result: WireSample };

/** What `stats=all` adds; servers may leave any of it out. */
export type QueryStats = {
  timings?: { evalTotalTime?: number; execTotalTime?: number };
  samples?: { totalQueryableSamples?: number; peakSamples?: number };
};

export type ExemplarSeries = {
  seriesLabels: LabelSet;
  exemplars: { labels: LabelSet; value: string; timestamp: number }[];
};

export type Metadata = Record<string, { type: string; help: string; unit: string }[]>;

export type WireTarget = {
  discoveredLabels: LabelSet;
  /** Empty where what was discovered can be no target. */
  labels: LabelSet;
  scrapePool: string;
  scrapeUrl: string;
  lastError: string;
  /** RFC 3339; Go's zero time stands for never. */
  lastScrape: string;
  /** Seconds. */
  lastScrapeDuration: number;
  health: "up" | "down" | "unknown";
  scrapeInterval: string;
  scrapeTimeout: string;
};
export type WireTargets = {
  activeTargets: WireTarget[];
  droppedTargets: { discoveredLabels: LabelSet; scrapePool: string }[];
  droppedTargetCounts: Record<string, number>;
};

export type RelabelRule = {
  sourceLabels?: string[];
  separator?: string;
  regex?: string;
  modulus?: number;
  targetLabel?: string;
  replacement?: string;
  action: string;
};
/** The labels after a rule; where it drops them, and after that, there are none. */
export type RelabelStep = { rule: RelabelRule; output: LabelSet; keep: boolean };
