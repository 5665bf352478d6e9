// Connect: lines to paste for each language, and at once whether something came of it.
import { useState } from "react";
import { useStatus } from "../../backend/events";
import { CodeBlock } from "../../design/CodeBlock";
import { changeParams, useAddress } from "../../routes/address";
import { Arrivals } from "./Arrivals";
import { MistakeList } from "./MistakeList";
import { type Addresses, type Recipe, recipes } from "./recipes";
import "./connect.css";

export function ConnectPage() {
  const { params } = useAddress();
  const status = useStatus();
  const address = (name: string, usual: string) =>
    status?.receivers.find((one) => one.name === name && one.state === "listening")?.address ??
    usual;
  // Where 4318 is taken by another program, the main address takes OTLP/HTTP as well.
  const main = address("main", "127.0.0.1:4319");
  const http = status ? address("otlp_http", main) : "127.0.0.1:4318";
  const at: Addresses = { http, grpc: address("otlp_grpc", "127.0.0.1:4317") };
  const all = recipes(at);
  const chosen = all.find(({ id }) => id === params.get("language")) ?? all[0];
  return (
    <div className="page page-scroll connect">
      <Arrivals />
      <MistakeList />
      <div className="connect-columns">
        <section className="panel connect-recipe" aria-label="Lines to paste">
          <div className="tabs connect-tabs" role="tablist" aria-label="Language">
            {all.map(({ id, name }) => (
              <button
                key={id}
                type="button"
                role="tab"
                aria-selected={id === chosen?.id}
                className="tab"
                onClick={() => changeParams({ language: id }, "replace")}
              >
                {name}
              </button>
            ))}
          </div>
          {chosen && <RecipeSteps recipe={chosen} />}
        </section>
        <aside className="connect-aside">
          <ShortWay />
          <Endpoints at={at} main={main} />
        </aside>
      </div>
    </div>
  );
}

function RecipeSteps({ recipe }: { recipe: Recipe }) {
  return (
    <div className="recipe" role="tabpanel" aria-label={recipe.name}>
      <p className="ink2">{recipe.note}</p>
      {recipe.steps.map((step) => (
        <div key={step.text}>
          <h2>{step.text}</h2>
          <CodeBlock text={step.lines} label={`${recipe.name}: ${step.text}`} />
        </div>
      ))}
    </div>
  );
}

function ShortWay() {
  const [command, setCommand] = useState("python app.py");
  return (
    <section className="panel aside-part" aria-label="The short way">
      <h2>The short way</h2>
      <p className="ink2">
        Runs your command with all of these variables set, and remembers the run.
      </p>
      <input
        className="field mono"
        aria-label="Your command"
        value={command}
        spellCheck={false}
        onChange={(event) => setCommand(event.target.value)}
      />
      <CodeBlock text={`watchglass run -- ${command.trim() || "CMD"}`} label="run command" />
      <p className="ink2">Nothing at hand to connect? A shop with traffic:</p>
      <CodeBlock text="watchglass demo" label="demo command" />
    </section>
  );
}

function Endpoints({ at, main }: { at: Addresses; main: string }) {
  return (
    <section className="panel aside-part" aria-label="Addresses">
      <h2>Addresses</h2>
      <dl className="endpoints">
        <dt>OTLP/gRPC</dt>
        <dd className="mono">{at.grpc}</dd>
        <dt>OTLP/HTTP</dt>
        <dd className="mono">http://{at.http}</dd>
        <dt>also</dt>
        <dd className="mono">http://{main}/v1/…</dd>
      </dl>
      <p className="dim">
        Only this machine can reach them. SDKs send spans every 5 s and metrics every 60 s by
        default.
      </p>
    </section>
  );
}
