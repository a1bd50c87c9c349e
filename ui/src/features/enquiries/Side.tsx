import { useState, type ReactNode } from "react";
import {
  useRead,
  useWrite,
  type CentreView,
  type ClientMatch,
  type ClientView,
  type EnquiryView,
  type SlotView,
} from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { civil, clock, dayAndHour, dayName } from "~/shared/format/dates";
import { kilometres } from "~/shared/format/numbers";
import { cx, phone, plural } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";
import { duplicateText } from "~/shared/people/duplicates";
import { personName, PersonField } from "~/shared/people/PersonField";
import { useRouter } from "~/shared/router/router";
import { useNow, useSession } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { Icon } from "~/shared/ui/Icon";
import { KeyValues } from "~/shared/ui/KeyValues";
import { Note } from "~/shared/ui/Note";
import { Loading, Panel } from "~/shared/ui/Panel";
import { Select } from "~/shared/ui/Select";
import { CATEGORIES, RELATIONS } from "~/shared/words";
import { NewPersonDialog } from "./NewPersonDialog";
import styles from "./Side.module.css";
import { PinnedPanel } from "./PinnedPanel";
import { Suggestions } from "./Suggestions";
import type { AnswerDraft } from "./useAnswer";
import { isEnded } from "./words";

/** Around the enquiry: who it is about, where they could be received, and what of the catalogue fits. */
export function Side({
  view,
  draft,
  onBook,
}: {
  view: EnquiryView;
  draft: AnswerDraft;
  onBook: (slot: SlotView) => void;
}): ReactNode {
  return (
    <>
      <Person view={view} />
      <Centres view={view} draft={draft} onBook={onBook} />
      <PinnedPanel view={view} />
      <Suggestions view={view} draft={draft} />
    </>
  );
}

function Person({ view }: { view: EnquiryView }): ReactNode {
  const { go } = useRouter();
  const { client } = view;
  if (client === null) return <Unknown view={view} />;
  const [near] = view.candidates;
  return (
    <Panel title={`${client.given_name} ${client.family_name}`}>
      <Known client={client} />
      {near !== undefined && (
        <Note tone="warn" icon="merge">
          Une fiche proche existe : <b>{personName(near)}</b>
          {nearText(near)}.{" "}
          <button
            type="button"
            className={styles.link}
            onClick={() => {
              go("clients", { client: near.id });
            }}
          >
            Comparer
          </button>
        </Note>
      )}
      <div>
        <Button
          small
          icon="users"
          onClick={() => {
            go("clients", { client: client.id });
          }}
        >
          Ouvrir la fiche
        </Button>
      </div>
    </Panel>
  );
}

function nearText(match: ClientMatch): string {
  const reasons = duplicateText(match)?.split("\u00a0:")[0]?.toLowerCase();
  return reasons === undefined ? "" : `, ${reasons}`;
}

function Known({ client }: { client: ClientView }): ReactNode {
  const { instant } = useNow();
  const past = client.appointments.filter(
    (one) => one.status === "attended" || (Date.parse(one.end) < instant && one.status === "booked"),
  );
  const [last] = past;
  const next = client.appointments.findLast(
    (one) => Date.parse(one.start) > instant && (one.status === "booked" || one.status === "held"),
  );
  const month = last === undefined ? "" : dayName(last.date, "year").split(" ").slice(2).join(" ");
  return (
    <KeyValues
      facts={[
        client.birth_date === null
          ? null
          : [
              "Naissance",
              `${dayName(client.birth_date, "digits")}${client.age === null ? "" : `, ${plural(client.age, "an")}`}`,
            ],
        ["Classe", client.class_level ?? (client.category === null ? null : CATEGORIES[client.category])],
        ["École", client.school],
        ["Téléphone", client.phone === null ? null : phone(client.phone)],
        [
          client.guardians.length > 1 ? "Responsables" : "Responsable",
          client.guardians.length === 0 ? null : (
            <ul>
              {client.guardians.map((guardian) => (
                <li key={guardian.id}>
                  {`${guardian.given_name} ${guardian.family_name}`.trim()},{" "}
                  {RELATIONS[guardian.relation].word}
                  {guardian.phone !== null && (
                    <>
                      <br />
                      {phone(guardian.phone)}
                    </>
                  )}
                </li>
              ))}
            </ul>
          ),
        ],
        [
          "Déjà venu",
          last === undefined
            ? "jamais"
            : `${String(past.length)} fois, ${month}, ${unbroken(last.counsellor.name)}`,
        ],
        next === undefined
          ? null
          : ["À venir", `${dayAndHour(next.start, next.zone, "short")}, ${unbroken(next.counsellor.name)}`],
      ]}
    />
  );
}

/** The field that a button opens is where one types next. */
function takeFocus(field: HTMLInputElement | null): void {
  field?.focus();
}

/** `M. Haddad` stays on one line. */
function unbroken(name: string): string {
  return name.replace(/^(M\.|Mme) /, "$1\u00a0");
}

function Unknown({ view }: { view: EnquiryView }): ReactNode {
  const [searching, setSearching] = useState(false);
  const [typed, setTyped] = useState("");
  const [creating, setCreating] = useState(false);
  const { notify } = useNotices();
  const { mutate: identify } = useWrite("enquiries.identify");
  const link = (match: ClientMatch): void => {
    identify(
      { id: view.id, client: match.id },
      {
        onSuccess: (done) => {
          setSearching(false);
          setTyped("");
          notify({
            text: `Demande rattachée à ${personName(match)}`,
            tone: "good",
            undoable: done.undoable,
          });
        },
        onError: (error) => {
          const said = errorText(error);
          notify({ text: said.text, tone: said.severity });
        },
      },
    );
  };
  const home = [view.postal_code, view.communes.slice(0, 2).join(", ")].filter(Boolean).join(" ");
  return (
    <Panel title={view.name}>
      <KeyValues
        facts={[
          view.relation === "self"
            ? null
            : ["Demande pour", view.about ?? (view.relation === "other" ? "un proche" : "son enfant")],
          ["Classe", view.class_level ?? (view.category === null ? null : CATEGORIES[view.category])],
          ["École", view.school],
          ["Téléphone", view.phone === null ? null : phone(view.phone)],
          ["Mél", view.mail],
          ["Domicile", home],
        ]}
      />
      {view.candidates.length > 0 && (
        <Note tone="warn" icon="merge">
          {view.candidates.length === 1 ? "Une fiche proche existe :" : "Des fiches proches existent :"}
          <ul className={styles.candidates}>
            {view.candidates.slice(0, 3).map((match) => (
              <li key={match.id}>
                <span>
                  <b>{personName(match)}</b>
                  {match.birth_date !== null && `, ${dayName(match.birth_date, "digits")}`}
                  {nearText(match)}
                </span>
                <Button
                  small
                  onClick={() => {
                    link(match);
                  }}
                >
                  C’est elle<span className="vh"> : {personName(match)}</span>
                </Button>
              </li>
            ))}
          </ul>
        </Note>
      )}
      {searching && (
        <PersonField
          ref={takeFocus}
          label="Rattacher à une fiche"
          text={typed}
          chosen={null}
          onText={setTyped}
          onChoose={(match) => {
            if (match !== null) link(match);
          }}
        />
      )}
      <div className={styles.actions}>
        {!searching && (
          <Button
            small
            icon="search"
            onClick={() => {
              setSearching(true);
            }}
          >
            Rattacher
          </Button>
        )}
        <Button
          small
          icon="plus"
          onClick={() => {
            setCreating(true);
          }}
        >
          Créer la fiche
        </Button>
      </div>
      <NewPersonDialog
        view={view}
        open={creating}
        onClose={() => {
          setCreating(false);
        }}
      />
    </Panel>
  );
}

function Centres({
  view,
  draft,
  onBook,
}: {
  view: EnquiryView;
  draft: AnswerDraft;
  onBook: (slot: SlotView) => void;
}): ReactNode {
  const { office } = useSession();
  const { data, error, isPending } = useRead(
    "enquiries.centres",
    { id: view.id, kind: draft.kind },
    { keep: true, every: 5 * 60_000 },
  );
  const ended = isEnded(view);
  return (
    <Panel title="Centres les plus proches">
      <Select
        label="Motif du rendez-vous"
        labelHidden
        value={draft.kind}
        options={office.kinds
          .filter((kind) => kind.capacity === 1)
          .map((kind) => ({ value: kind.id, label: `${kind.name}, ${String(kind.duration_min)} min` }))}
        onChange={draft.setKind}
      />
      {isPending && <Loading />}
      {error !== null && <Note tone="bad">{errorText(error).text}</Note>}
      {data?.length === 0 && <p className="sub">Aucun centre connu autour de ce code postal.</p>}
      <ul className={styles.centres}>
        {data?.map((centre) => (
          <Centre
            key={centre.uai}
            centre={centre}
            draft={draft}
            ended={ended}
            atOnce={view.hidden}
            onBook={onBook}
          />
        ))}
      </ul>
      {!ended && data?.some((centre) => centre.own && centre.slots.length > 0) === true && (
        <p className="sub">
          {view.hidden
            ? "Pressez un créneau pour le poser."
            : "Un créneau pressé va dans la réponse. Avec Maj, il est posé tout de suite."}
        </p>
      )}
    </Panel>
  );
}

function Centre({
  centre,
  draft,
  ended,
  atOnce,
  onBook,
}: {
  centre: CentreView;
  draft: AnswerDraft;
  ended: boolean;
  /** There is no answer to put a slot into: pressing books. */
  atOnce: boolean;
  onBook: (slot: SlotView) => void;
}): ReactNode {
  const { today } = useNow();
  const word = (slot: SlotView): string => {
    const { day } = civil(slot.start, slot.zone);
    const near = dayName(day, day.slice(0, 7) === today.slice(0, 7) ? "bare" : "short");
    return `${near}, ${clock(slot.start, slot.zone)}`;
  };
  // Two colleagues free at the same time: the hour alone would not tell them apart.
  const twice = (slot: SlotView): boolean =>
    centre.slots.some((one) => one.start === slot.start && one.counsellor.id !== slot.counsellor.id);
  return (
    <li>
      <p className={styles.centre}>
        <b>{centre.name}</b>
        {centre.distance_km !== null && <span className="num">{kilometres(centre.distance_km)}</span>}
      </p>
      {centre.assigned && <p className="sub">secteur du domicile</p>}
      {!centre.own && centre.phone !== null && (
        <p className={cx("sub", "num", styles.phone)}>
          <Icon name="phone" small />
          {phone(centre.phone)}
        </p>
      )}
      {centre.slots.length === 0 ? (
        <p className="sub">
          {centre.own ? "Pas de créneau libre dans les deux mois." : "Créneaux : à demander au centre."}
        </p>
      ) : centre.own && !ended ? (
        <div className={styles.slots} role="group" aria-label={`Créneaux, ${centre.name}`}>
          {centre.slots.map((slot) => (
            <button
              key={`${slot.start} ${slot.counsellor.id}`}
              type="button"
              className="num"
              aria-pressed={atOnce ? undefined : draft.has(slot)}
              title={slot.counsellor.name}
              onClick={(event) => {
                if (event.shiftKey || atOnce) onBook(slot);
                else draft.toggle(slot);
              }}
              onKeyDown={(event) => {
                if (event.key !== "Enter" || !event.shiftKey) return;
                event.preventDefault();
                onBook(slot);
              }}
            >
              {word(slot)}
              <span className={twice(slot) ? styles.site : "vh"}>
                {twice(slot) ? " " : ", "}
                {slot.counsellor.name}
              </span>
              {slot.site_name !== null && <span className={styles.site}> {slot.site_name}</span>}
            </button>
          ))}
        </div>
      ) : (
        <p className={cx("num", styles.text)}>{[...new Set(centre.slots.map(word))].join(" · ")}</p>
      )}
    </li>
  );
}
