// Home: is anything wrong? Then what is there: services, what failed or took long, receivers. Empty, it teaches how to begin.
import { useStatus } from "../../backend/events";
import { useMistakes } from "../../backend/mistakes";
import { useServices } from "../../backend/services";
import { Answered } from "../../panels/States";
import { useLive, useTimeRange } from "../../routes/useTimeRange";
import { FirstSteps } from "./FirstSteps";
import { Latest } from "./Latest";
import { ReceiverTable } from "./ReceiverTable";
import { ServiceTable } from "./ServiceTable";
import { Verdict } from "./Verdict";
import "./home.css";

export function HomePage() {
  const range = useTimeRange();
  const live = useLive();
  const services = useServices(range, live);
  const mistakes = useMistakes();
  const status = useStatus();
  return (
    <div className="page page-scroll home">
      <Answered state={services} what="services">
        {({ services: list }) => (
          <>
            <Verdict
              services={list}
              mistakes={mistakes.data?.mistakes ?? []}
              status={status}
              range={range}
            />
            {list.length === 0 ? (
              <FirstSteps status={status} />
            ) : (
              <>
                <ServiceTable services={list} />
                <Latest range={range} live={live} />
              </>
            )}
          </>
        )}
      </Answered>
      {status && <ReceiverTable receivers={status.receivers} />}
    </div>
  );
}
