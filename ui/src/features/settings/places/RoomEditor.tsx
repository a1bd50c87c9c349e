import type { ReactNode } from "react";
import type { RoomDoc } from "~/shared/backend";
import { french, plural } from "~/shared/format/text";
import { Button } from "~/shared/ui/Button";
import { TextField } from "~/shared/ui/Field";
import { Icon } from "~/shared/ui/Icon";
import { Select } from "~/shared/ui/Select";
import { ToggleChip } from "~/shared/ui/Segmented";
import { settingOf } from "../documents/useDocument";
import { useEditing } from "../documents/useEditing";
import { Editor, Part } from "../parts/Editor";
import { CountField } from "../parts/LengthField";
import { useSettings } from "../useSettings";
import { blankRoom, NEW_ROOM, roomWords } from "./places";
import styles from "./Places.module.css";

/** One room: where it is, what it serves for, how many it holds. */
export function RoomEditor({
  room,
  future,
  onBack,
  onSaved,
  onGone,
}: {
  /** Null for a new one. */
  room: RoomDoc | null;
  /** Meetings to come in it. */
  future: number;
  onBack: () => void;
  onSaved: (id: string) => void;
  onGone: () => void;
}): ReactNode {
  const settings = useSettings();
  const slot = room === null ? NEW_ROOM : `room:${room.id}`;
  const blank = room === null ? blankRoom(settings, settings.sites[0]?.id ?? "", "") : undefined;
  const { editing, checked, saving, change, save, giveUp } = useEditing("room", slot, room, blank);
  const { doc } = editing;
  const sorts = [
    ...new Set([
      ...settings.kinds.flatMap((kind) =>
        kind.active && kind.room_kind !== undefined ? [kind.room_kind] : [],
      ),
      ...settings.rooms.map((one) => one.kind),
    ]),
  ];
  const served = settings.kinds.filter((kind) => kind.active && kind.room_kind === doc.kind);
  const tooSmall = served.filter((kind) => kind.capacity > doc.seats);
  return (
    <Editor
      label={room === null ? "Nouvelle salle" : `Salle ${room.name}`}
      title={
        <>
          <Icon name="door" />
          <span>{doc.name.trim() === "" ? "Nouvelle salle" : french(doc.name)}</span>
        </>
      }
      editing={editing}
      checked={checked}
      pending={room !== null && settings.pending.includes(room.id)}
      saving={saving.isPending}
      words={roomWords(settings.sites)}
      onSave={() => {
        const word = room === null ? "Salle créée" : "Salle enregistrée";
        save(french(`${word} : ${doc.name.trim()}`), () => {
          onSaved(doc.id);
        });
      }}
      onDiscard={() => {
        giveUp();
        if (room === null) onGone();
      }}
      onBack={onBack}
      extra={
        room !== null &&
        !editing.dirty && (
          <Button
            tone="quiet"
            icon="minus"
            onClick={() => {
              saving.save(
                [{ seen: settingOf("room", room), to: settingOf("room", { ...room, removed: true }) }],
                french(`N’est plus utilisée : ${room.name}`),
                onGone,
              );
            }}
          >
            Ne plus utiliser
          </Button>
        )
      }
    >
      <p className={styles.sentence}>
        {served.length === 0
          ? french(`Aucun motif ne demande une salle « ${doc.kind} » : elle ne sera pas prise d’elle-même.`)
          : french(`Prise pour : ${served.map((kind) => kind.name).join(", ")}.`)}{" "}
        {future > 0 &&
          french(
            `${plural(future, "rendez-vous", "rendez-vous")} à venir ${future < 2 ? "s’y tient" : "s’y tiennent"} et y ${future < 2 ? "reste" : "restent"}.`,
          )}
        {tooSmall.length > 0 && (
          <b className={styles.small}>
            {" "}
            {french(
              `Trop petite pour ${tooSmall.map((kind) => `${kind.name} (${String(kind.capacity)} places)`).join(", ")}.`,
            )}
          </b>
        )}
      </p>
      <Part title="La salle">
        <TextField
          label="Nom"
          value={doc.name}
          error={checked.errorOf("name")}
          onChange={(event) => {
            change({ name: event.target.value });
          }}
          onBlur={() => {
            checked.leave("name");
          }}
        />
        <Select
          label="Lieu"
          value={doc.site}
          options={settings.sites.map((site) => ({ value: site.id, label: french(site.name) }))}
          onChange={(site) => {
            change({ site });
          }}
        />
        <div>
          <TextField
            label="Sert à"
            hint="le mot que les motifs demandent"
            value={doc.kind}
            error={checked.errorOf("kind")}
            onChange={(event) => {
              change({ kind: event.target.value });
            }}
            onBlur={() => {
              checked.leave("kind");
            }}
          />
          <div className={styles.sorts}>
            {sorts.map((sort) => (
              <ToggleChip
                key={sort}
                on={sort === doc.kind}
                onChange={() => {
                  change({ kind: sort });
                }}
              >
                {sort}
              </ToggleChip>
            ))}
          </div>
        </div>
        <CountField
          label="Places"
          value={doc.seats}
          error={checked.errorOf("seats")}
          onChange={(seats) => {
            change({ seats });
          }}
          onInvalid={(wrong) => {
            checked.setUnreadable("seats", wrong);
          }}
          onLeave={() => {
            checked.leave("seats");
          }}
        />
      </Part>
    </Editor>
  );
}
