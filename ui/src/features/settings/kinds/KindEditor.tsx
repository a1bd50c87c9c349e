import type { ReactNode } from "react";
import type { KindDoc } from "~/shared/backend";
import { french, plural } from "~/shared/format/text";
import { Button } from "~/shared/ui/Button";
import { Checkbox, fieldStyles, TextArea, TextField } from "~/shared/ui/Field";
import { KindMark } from "~/shared/ui/KindMark";
import { Segmented } from "~/shared/ui/Segmented";
import { Select } from "~/shared/ui/Select";
import { settingOf } from "../documents/useDocument";
import { useEditing } from "../documents/useEditing";
import { Editor, Part } from "../parts/Editor";
import { CountField, LengthField } from "../parts/LengthField";
import { useSettings } from "../useSettings";
import { ColourChoice } from "./ColourChoice";
import styles from "./KindEditor.module.css";
import { KindPreview } from "./KindPreview";
import { blankKind, colourOf, keyOf, kindSentence, kindWords, NEW_KIND } from "./kinds";

const NO_ROOM = "";
const HALF_HOUR = 30;
const DAYS_AHEAD = 60;

/** One kind of appointment. */
export function KindEditor({
  kind,
  future,
  onBack,
  onSaved,
}: {
  /** Null for a new one. */
  kind: KindDoc | null;
  /** Meetings to come of this kind. */
  future: number;
  onBack: () => void;
  onSaved: (id: string) => void;
}): ReactNode {
  const settings = useSettings();
  const slot = kind === null ? NEW_KIND : `kind:${kind.id}`;
  const blank = kind === null ? blankKind(settings, "") : undefined;
  const { editing, checked, saving, change, save, giveUp } = useEditing("kind", slot, kind, blank);
  const { doc } = editing;
  const rooms = [
    ...new Set([
      ...settings.rooms.map((room) => room.kind),
      ...(doc.room_kind === undefined ? [] : [doc.room_kind]),
    ]),
  ];
  const others = settings.kinds.filter((one) => one.id !== doc.id).map((one) => one.key);
  const offeredToPublic = doc.horizon_days !== 0;
  const invalid =
    (field: string) =>
    (wrong: boolean): void => {
      checked.setUnreadable(field, wrong);
    };

  const offer = (active: boolean): void => {
    if (kind === null) return;
    saving.save(
      [{ seen: settingOf("kind", kind), to: settingOf("kind", { ...kind, active }) }],
      french(active ? `De nouveau proposé : ${kind.name}` : `N’est plus proposé : ${kind.name}`),
    );
  };

  return (
    <Editor
      label={kind === null ? "Nouveau motif" : `Motif ${kind.name}`}
      title={
        <>
          <KindMark colour={colourOf(doc)} large />
          <span>{doc.name.trim() === "" ? "Nouveau motif" : french(doc.name)}</span>
        </>
      }
      editing={editing}
      checked={checked}
      pending={kind !== null && settings.pending.includes(kind.id)}
      saving={saving.isPending}
      words={kindWords}
      onSave={() => {
        const word = kind === null ? "Motif créé" : "Motif enregistré";
        save(french(`${word} : ${doc.name.trim()}`), () => {
          onSaved(doc.id);
        });
      }}
      onDiscard={() => {
        giveUp();
        if (kind === null) onBack();
      }}
      onBack={onBack}
      extra={
        kind !== null &&
        !editing.dirty && (
          <Button
            tone="quiet"
            icon={kind.active ? "minus" : "plus"}
            onClick={() => {
              offer(!kind.active);
            }}
          >
            {kind.active ? "Ne plus proposer" : "Proposer de nouveau"}
          </Button>
        )
      }
    >
      <KindPreview kind={doc} />
      <p className={styles.sentence}>
        {kindSentence(doc)}
        {future > 0 && kind !== null && (
          <>
            {" "}
            {french(
              `${plural(future, "rendez-vous", "rendez-vous")} à venir ${future < 2 ? "garde" : "gardent"} sa durée.`,
            )}
          </>
        )}
        {kind !== null && !kind.active && <> Il n’est plus proposé ; ce qui est posé reste posé.</>}
      </p>
      <Part title="Le rendez-vous">
        <TextField
          label="Nom"
          value={doc.name}
          error={checked.errorOf("name") ?? checked.errorOf("key")}
          onChange={(event) => {
            const name = event.target.value;
            change(kind === null ? { name, key: keyOf(name, others) } : { name });
          }}
          onBlur={() => {
            checked.leave("name");
          }}
        />
        <div className={fieldStyles.row}>
          <LengthField
            label="Durée"
            value={doc.duration_min}
            error={checked.errorOf("duration_min")}
            onChange={(duration_min) => {
              change({ duration_min });
            }}
            onInvalid={invalid("duration_min")}
            onLeave={() => {
              checked.leave("duration_min");
            }}
          />
          <LengthField
            label="Gardé libre après"
            value={doc.buffer_after_min}
            error={checked.errorOf("buffer_after_min")}
            onChange={(buffer_after_min) => {
              change({ buffer_after_min });
            }}
            onInvalid={invalid("buffer_after_min")}
            onLeave={() => {
              checked.leave("buffer_after_min");
            }}
          />
        </div>
        <div className={styles.line}>
          <Segmented
            label="Où"
            options={[
              { value: "here", label: "Sur place" },
              { value: "online", label: "En ligne" },
            ]}
            value={doc.online ? "online" : "here"}
            onChange={(where) => {
              change(where === "online" ? { online: true, room_kind: undefined } : { online: undefined });
            }}
          />
          {kind === null && (
            <Segmented
              label="Pour combien"
              options={[
                { value: "one", label: "Une personne" },
                { value: "group", label: "Un groupe" },
              ]}
              value={doc.capacity > 1 ? "group" : "one"}
              onChange={(many) => {
                change({ capacity: many === "group" ? 12 : 1 });
              }}
            />
          )}
        </div>
        {(!doc.online || doc.capacity > 1) && (
          <div className={fieldStyles.row}>
            {!doc.online && (
              <Select
                label="Salle"
                value={doc.room_kind ?? NO_ROOM}
                options={[
                  { value: NO_ROOM, label: "Bureau du conseiller" },
                  ...rooms.map((room) => ({ value: room, label: french(`Une salle « ${room} »`) })),
                ]}
                onChange={(room) => {
                  change({ room_kind: room === NO_ROOM ? undefined : room });
                }}
              />
            )}
            {doc.capacity > 1 && (
              <CountField
                label="Places"
                value={doc.capacity}
                error={checked.errorOf("capacity")}
                onChange={(capacity) => {
                  change({ capacity });
                }}
                onInvalid={invalid("capacity")}
                onLeave={() => {
                  checked.leave("capacity");
                }}
              />
            )}
          </div>
        )}
        <ColourChoice
          value={colourOf(doc)}
          onChange={(colour) => {
            change({ colour: colour === "green" ? undefined : colour });
          }}
        />
      </Part>
      <Part title="Pour les familles" hint="jamais pour l’accueil, qui pose quand il veut">
        <Checkbox
          checked={offeredToPublic}
          onChange={(event) => {
            change({ horizon_days: event.target.checked ? DAYS_AHEAD : 0 });
          }}
        >
          Les familles peuvent le choisir
        </Checkbox>
        {offeredToPublic && (
          <div className={fieldStyles.row}>
            <LengthField
              label="Au plus tard"
              hint="avant l’heure"
              step={HALF_HOUR}
              value={doc.min_notice_min}
              error={checked.errorOf("min_notice_min")}
              onChange={(min_notice_min) => {
                change({ min_notice_min });
              }}
              onInvalid={invalid("min_notice_min")}
              onLeave={() => {
                checked.leave("min_notice_min");
              }}
            />
            <CountField
              label="Au plus tôt"
              hint="jours avant"
              value={doc.horizon_days ?? DAYS_AHEAD}
              error={checked.errorOf("horizon_days")}
              onChange={(horizon_days) => {
                change({ horizon_days });
              }}
              onInvalid={invalid("horizon_days")}
              onLeave={() => {
                checked.leave("horizon_days");
              }}
            />
          </div>
        )}
        <TextArea
          label="Ce que la famille lit avant"
          rows={2}
          placeholder="Apportez vos deux derniers bulletins."
          value={doc.before ?? ""}
          error={checked.errorOf("before")}
          onChange={(event) => {
            change({ before: event.target.value === "" ? undefined : event.target.value });
          }}
          onBlur={() => {
            checked.leave("before");
          }}
        />
        <TextArea
          label="Et après"
          rows={2}
          placeholder="Le compte rendu est à votre disposition au centre."
          value={doc.after ?? ""}
          error={checked.errorOf("after")}
          onChange={(event) => {
            change({ after: event.target.value === "" ? undefined : event.target.value });
          }}
          onBlur={() => {
            checked.leave("after");
          }}
        />
      </Part>
    </Editor>
  );
}
