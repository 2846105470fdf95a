import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { capabilitiesQuery } from '../api/system-query.js';
import { type Second, stripWith } from '../live/strip.js';
import { newOrder } from '../playground/new-order.js';
import { DEFAULT_CARD, DEFAULT_COUNTRY } from '../playground/playground-search.js';
import { NotFound } from '../shell/dead-ends.js';
import { useKeys } from '../shell/keys.js';
import { useAnswers } from '../stream/use-answers.js';
import { useIsTold, useStream } from '../stream/use-stream.js';
import { Button } from '../ui/button.js';
import { CopyLink } from '../ui/copy-link.js';
import { copy } from '../ui/copy.js';
import { curlOf } from '../ui/curl.js';
import { FieldErrors } from '../ui/field-errors.js';
import { Problem, Skeleton } from '../ui/notices.js';
import common from '../ui/page.module.css';
import { Terminal } from '../ui/terminal.js';
import { type Examination, examinationsWith } from './axis.js';
import { AxisView } from './axis-view.js';
import { InvariantsView } from './invariants-view.js';
import { labSearch, RATE_DEFAULT } from './lab-search.js';
import { LoadView } from './load-view.js';
import { ProcessCard } from './process-card.js';
import { DOCTOR_KEY, doctorQuery, FAULTS_KEY } from './queries.js';
import { ScriptView } from './script-view.js';
import { LAB_ITEM, stockUp } from './stock.js';
import { useFaults } from './use-faults.js';
import { useLoad } from './use-load.js';
import styles from './lab.module.css';

const route = getRouteApi('/lab');
const ORDER = newOrder([{ sku: LAB_ITEM.sku, quantity: 1 }], DEFAULT_CARD, DEFAULT_COUNTRY);

/** Only where the gateway can make faults: elsewhere there is no such page. */
export function LabPage() {
  const capabilities = useQuery(capabilitiesQuery);
  useEffect(() => {
    document.title = 'Lab · Backstep';
  }, []);
  if (capabilities.error) return <Problem error={capabilities.error} retry={() => void capabilities.refetch()} />;
  if (!capabilities.data) return <Skeleton />;
  return capabilities.data.faults ? <Lab /> : <NotFound />;
}

/** What is broken, what is asked of the system meanwhile, and whether all that must hold does. */
function Lab() {
  const { rate = RATE_DEFAULT } = route.useSearch();
  const navigate = useNavigate();
  const { faults, error, make, heal, healAll } = useFaults();
  const doctor = useQuery(doctorQuery(useIsTold()));
  useAnswers({ faults: FAULTS_KEY, invariants: DOCTOR_KEY });
  const load = useLoad(rate, ORDER);
  const [cannotBegin, setCannotBegin] = useState<Error | null>(null);
  const { strip, examinations } = useAxis(doctor.data);
  const { processes = [], items = [], points = [], takenAt } = faults.data ?? {};
  const commands = commandsOf(location.origin);
  useKeys({ 'Shift Escape': healAll, c: () => void copy(commands[0] ?? '', 'the command') });
  const begin = (): void => {
    setCannotBegin(null);
    stockUp().then(load.begin, setCannotBegin);
  };
  const placeOne = async (): Promise<string | undefined> => {
    setCannotBegin(null);
    try {
      await stockUp();
      return await load.placeOne();
    } catch (cause) {
      setCannotBegin(cause as Error);
      return undefined;
    }
  };
  const on = items.filter(({ state }) => state !== 'over');
  return (
    <div className={common['page']}>
      <header className={common['head']}>
        <h1>Lab</h1>
        <p className="muted">Break what runs here, and see what holds. Every fault heals by itself within a minute.</p>
        <span className={styles['actions']}>
          <Button shortcut="Shift Esc" disabled={on.length === 0} onClick={healAll}>
            Heal all
          </Button>
          <CopyLink />
        </span>
      </header>
      {faults.error && <Problem error={faults.error} retry={() => void faults.refetch()} />}
      <FieldErrors error={error ?? cannotBegin} />
      {faults.isPending && !faults.error && <Skeleton />}
      {takenAt !== undefined && (
        <AxisView faults={items} strip={strip} examinations={examinations} now={Date.parse(takenAt)} />
      )}
      <ScriptView {...{ processes, points, make }} faults={on} report={doctor.data} place={placeOne} />
      <div className={styles['columns']}>
        <section className={styles['services']} aria-label="Services">
          <h2>Services</h2>
          <div className={styles['cards']}>
            {processes.map((process) => (
              <ProcessCard
                key={process.service}
                {...{ process, points, make, heal }}
                faults={on.filter(({ target }) => target.service === process.service)}
              />
            ))}
          </div>
        </section>
        <LoadView
          {...{ load, rate, begin }}
          setRate={(next) => void navigate({ to: '/lab', search: labSearch({ rate: next }), replace: true })}
        />
        {doctor.data && <InvariantsView report={doctor.data} error={doctor.error} />}
        {!doctor.data && doctor.error && <Problem error={doctor.error} retry={() => void doctor.refetch()} />}
        {doctor.isPending && <Skeleton />}
      </div>
      <Terminal commands={commands} />
    </div>
  );
}

/** What the axis shows beside the faults: seconds from the stream, and each look of the doctor. */
function useAxis(
  report:
    | { readonly takenAt: string; readonly tookMs: number; readonly invariants: readonly { readonly found: number }[] }
    | undefined,
) {
  const [strip, setStrip] = useState<readonly Second[]>([]);
  const [examinations, setExaminations] = useState<readonly Examination[]>([]);
  useStream({}, ({ tick }) => {
    if (tick) setStrip((known) => stripWith(known, tick));
  });
  useEffect(() => {
    if (!report) return;
    const { takenAt, tookMs, invariants } = report;
    const found = invariants.reduce((sum, one) => sum + one.found, 0);
    setExaminations((known) => examinationsWith(known, { at: Date.parse(takenAt), tookMs, found }));
  }, [report]);
  return { strip, examinations };
}

const commandsOf = (origin: string): readonly string[] => {
  const url = `${origin}/v1/dev/faults`;
  return [
    curlOf({ method: 'POST', url, body: { kind: 'kill', target: { service: 'payment' } } }),
    curlOf({ method: 'DELETE', url }),
    'npx backstep doctor --orders 500',
  ];
};
