import { useId, type ReactNode, type Ref } from "react";
import type { CatalogueBlock, CatalogueRecord, CatalogueText } from "~/shared/backend";
import { cx, french, phone } from "~/shared/format/text";
import { KeyValues } from "~/shared/ui/KeyValues";
import { Note } from "~/shared/ui/Note";
import { Links, RecordLink } from "./Links";
import { OfficialLink } from "./OfficialLink";
import { Places } from "./Places";
import {
  awayText,
  eyebrow,
  factName,
  factsOf,
  openDayText,
  releaseText,
  sourceText,
  textName,
  underName,
} from "./words";
import styles from "./Record.module.css";

/** The facts that are read first, by kind; the others stand in a list under the texts. */
const FIRST: Record<string, readonly string[]> = {
  programme: ["duration", "level", "certification"],
  offering: ["duration", "attendance", "cost"],
  institution: ["status", "type", "boarding"],
  occupation: ["level", "sectors", "rome"],
  faq: [],
};

const PREVIEW_PLACES = 4;
const PREVIEW_DAYS = 2;

/** A record of the catalogue: as a preview beside a list, or whole. */
export function RecordView({
  ref,
  record,
  home,
  whole,
  actions,
  onOpen,
  onAllPlaces,
}: {
  /** Its title, which takes the focus when it is opened. */
  ref?: Ref<HTMLHeadingElement>;
  record: CatalogueRecord;
  /** Whose home distances are from; of nobody in particular when null. */
  home: string | null;
  whole?: boolean;
  actions?: ReactNode;
  /** Opens another record; without it links are words. */
  onOpen?: (id: string) => void;
  onAllPlaces?: () => void;
}): ReactNode {
  const title = useId();
  const groups = factsOf(record);
  const first = (FIRST[record.kind] ?? []).flatMap((key) => groups.find((group) => group.key === key) ?? []);
  const rest = groups.filter((group) => !first.includes(group));
  const [lead, ...texts] = record.texts;
  return (
    <article className={cx(styles.record, whole && styles.whole)} aria-labelledby={title}>
      <header className={styles.head}>
        <p className={styles.eyebrow}>{eyebrow(record)}</p>
        <h2 ref={ref} id={title} tabIndex={-1} className={styles.title}>
          {french(record.title)}
        </h2>
        {record.distance_km !== null && <p className="sub num">{awayText(record.distance_km, home)}</p>}
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </header>
      {record.gone_since !== null && (
        <Note tone="warn">
          Cette fiche n’est plus dans le catalogue depuis {releaseText(record.gone_since)} : ce qu’elle dit a
          pu changer.
        </Note>
      )}
      {record.named_only && (
        <Note tone="info">
          Seul son nom est connu : d’autres fiches la nomment, aucune source ne la décrit.
        </Note>
      )}
      {first.length > 0 && (
        <dl className={styles.first}>
          {first.map(({ key, values }) => (
            <div key={key}>
              <dt>{factName(key, values.length)}</dt>
              <dd>{factText(key, values)}</dd>
            </div>
          ))}
        </dl>
      )}
      <div className={styles.columns}>
        <div className={styles.column}>
          {lead !== undefined && <Text text={lead} lead brief={!whole} />}
          {whole && texts.map((text) => <Text key={text.key} text={text} />)}
          {whole && rest.length > 0 && (
            <section className={cx(styles.section, styles.facts)} aria-label="Détails">
              <h3>Détails</h3>
              <KeyValues
                facts={rest.map(({ key, values }) => [factName(key, values.length), factText(key, values)])}
              />
            </section>
          )}
        </div>
        <div className={styles.column}>
          <Places
            record={record}
            home={home}
            brief={!whole}
            most={whole ? record.places.length : PREVIEW_PLACES}
            onOpen={onOpen}
            onAll={whole ? onAllPlaces : undefined}
          />
          <OpenDays record={record} most={whole ? record.open_days.length : PREVIEW_DAYS} onOpen={onOpen} />
          <Links
            title={
              record.kind === "occupation" ? "Métiers proches" : record.kind === "faq" ? "Métiers" : "Mène à"
            }
            kind="occupation"
            links={record.occupations}
            onOpen={onOpen}
          />
          <Links
            title={
              record.kind === "occupation"
                ? "Formations qui y mènent"
                : record.kind === "programme"
                  ? "Poursuites"
                  : "Formations"
            }
            kind="programme"
            links={record.programmes}
            onOpen={onOpen}
          />
          <Links title="Établissements" kind="institution" links={record.institutions} onOpen={onOpen} />
          <Links title="Questions fréquentes" kind="faq" links={record.questions} onOpen={onOpen} />
          {!whole && rest.length > 0 && record.kind === "institution" && (
            <KeyValues
              facts={rest.map(({ key, values }) => [factName(key, values.length), factText(key, values)])}
            />
          )}
        </div>
      </div>
      <footer className={styles.foot}>
        {record.url !== null && <OfficialLink record={record.id} url={record.url} />}
        {record.sources.length > 0 && (
          <div className="sub">
            <span>{record.sources.length > 1 ? "Sources" : "Source"}</span>
            <ul>
              {record.sources.map((source, index) => (
                <li key={index}>{french(sourceText(source))}</li>
              ))}
            </ul>
          </div>
        )}
      </footer>
    </article>
  );
}

function factText(key: string, values: readonly string[]): string {
  const said = values.map((value) => (key === "phone" ? phone(value) : underName(value)));
  // Values that have commas of their own are set apart by more than one.
  return said.join(said.some((value) => value.includes(",")) ? "\u00a0; " : ", ");
}

function Text({ text, lead, brief }: { text: CatalogueText; lead?: boolean; brief?: boolean }): ReactNode {
  const name = textName(text.key);
  const blocks = brief ? text.blocks.filter((block) => block.type !== "heading").slice(0, 2) : text.blocks;
  if (blocks.length === 0) return null;
  return (
    <section className={cx(styles.section, styles.text, brief && styles.brief)} aria-label={name}>
      {!(lead && brief) && <h3>{name}</h3>}
      {blocks.map((block, index) => (
        // Blocks have no identity but their place.
        <Block key={index} block={block} />
      ))}
    </section>
  );
}

function Block({ block }: { block: CatalogueBlock }): ReactNode {
  if (block.type === "heading") return <h4>{french(block.text)}</h4>;
  if (block.type === "paragraph") return <p>{french(block.text)}</p>;
  return (
    <ul>
      {block.items.map((item, index) => (
        <li key={index}>{french(item)}</li>
      ))}
    </ul>
  );
}

function OpenDays({
  record,
  most,
  onOpen,
}: {
  record: CatalogueRecord;
  most: number;
  onOpen: ((id: string) => void) | undefined;
}): ReactNode {
  const days = record.open_days.slice(0, most);
  if (days.length === 0) return null;
  return (
    <Note tone="info" icon="calendar">
      <b>Portes ouvertes</b>
      <ul className={styles.days}>
        {days.map((day, index) => (
          <li key={index}>
            {record.kind !== "institution" && (
              <>
                <RecordLink link={day.institution} onOpen={onOpen} />
                {"\u00a0: "}
              </>
            )}
            {openDayText(day)}
          </li>
        ))}
      </ul>
    </Note>
  );
}
