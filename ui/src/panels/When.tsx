// An instant as people say it; the exact one on hover.
import { useNow } from "../design/useNow";
import { ago, exactTime, nanosToMs } from "../model/time";

export function When({ at }: { at: string }) {
  const now = useNow();
  return (
    <time title={exactTime(at)} dateTime={new Date(nanosToMs(at)).toISOString()}>
      {ago(nanosToMs(at), now)}
    </time>
  );
}
