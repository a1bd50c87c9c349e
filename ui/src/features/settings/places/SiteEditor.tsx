import type { ReactNode } from "react";
import type { HolidayZone, SiteDoc } from "~/shared/backend";
import { french, plural } from "~/shared/format/text";
import { Button } from "~/shared/ui/Button";
import { TextField } from "~/shared/ui/Field";
import { Icon } from "~/shared/ui/Icon";
import { Note } from "~/shared/ui/Note";
import { Segmented } from "~/shared/ui/Segmented";
import { Select } from "~/shared/ui/Select";
import { fieldErrorText } from "~/shared/errors";
import { settingOf } from "../documents/useDocument";
import { useEditing } from "../documents/useEditing";
import { useSave } from "../documents/useSave";
import { Editor, Part } from "../parts/Editor";
import { useSettings } from "../useSettings";
import { blankSite, NEW_SITE, SITE_KINDS, siteWords, ZONES, zoneWord } from "./places";
import styles from "./Places.module.css";

const KINDS = Object.keys(SITE_KINDS) as SiteDoc["kind"][];

/** One place where the office receives. */
export function SiteEditor({
  site,
  future,
  onBack,
  onSaved,
  onGone,
}: {
  /** Null for a new one. */
  site: SiteDoc | null;
  /** Meetings to come there. */
  future: number;
  onBack: () => void;
  onSaved: (id: string) => void;
  onGone: () => void;
}): ReactNode {
  const settings = useSettings();
  const slot = site === null ? NEW_SITE : `site:${site.id}`;
  const blank = site === null ? blankSite(settings, "") : undefined;
  const { editing, checked, saving, save, giveUp, ...editor } = useEditing("site", slot, site, blank);
  const removing = useSave();
  const { doc } = editing;
  const rooms = settings.rooms.filter((room) => room.site === doc.id).length;
  const openings = settings.openings.filter((one) => one.site === doc.id).length;
  const change = (part: Partial<SiteDoc>): void => {
    removing.forget();
    editor.change(part);
  };
  const zones = ZONES.some((one) => one.value === doc.zone)
    ? ZONES
    : [{ value: doc.zone, label: zoneWord(doc.zone) }, ...ZONES];
  const refused = removing.refused[0];
  return (
    <Editor
      label={site === null ? "Nouveau lieu" : `Lieu ${site.name}`}
      title={
        <>
          <Icon name={SITE_KINDS[doc.kind].icon} />
          <span>{doc.name.trim() === "" ? "Nouveau lieu" : french(doc.name)}</span>
        </>
      }
      editing={editing}
      checked={checked}
      pending={site !== null && settings.pending.includes(site.id)}
      saving={saving.isPending}
      words={siteWords}
      onSave={() => {
        const word = site === null ? "Lieu créé" : "Lieu enregistré";
        save(french(`${word} : ${doc.name.trim()}`), () => {
          onSaved(doc.id);
        });
      }}
      onDiscard={() => {
        giveUp();
        if (site === null) onGone();
      }}
      onBack={onBack}
      extra={
        site !== null &&
        !editing.dirty && (
          <Button
            tone="quiet"
            icon="minus"
            onClick={() => {
              removing.save(
                [{ seen: settingOf("site", site), to: settingOf("site", { ...site, removed: true }) }],
                french(`N’est plus utilisé : ${site.name}`),
                onGone,
              );
            }}
          >
            Ne plus utiliser
          </Button>
        )
      }
    >
      {refused !== undefined && (
        <Note tone="bad" live>
          {fieldErrorText(refused.code, refused.field)}
        </Note>
      )}
      {site !== null && (
        <p className={styles.sentence}>
          {french(
            `${plural(rooms, "salle")}, ${plural(openings, "plage d’ouverture", "plages d’ouverture")}, ${plural(future, "rendez-vous", "rendez-vous")} à venir. ${doc.closures.length === 0 ? "Aucun jour de fermeture" : plural(doc.closures.length, "jour de fermeture", "jours de fermeture")}.`,
          )}
        </p>
      )}
      <Part title="Le lieu">
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
        <TextField
          label="Adresse"
          hint="telle que la famille la lit"
          value={doc.address}
          error={checked.errorOf("address")}
          onChange={(event) => {
            change({ address: event.target.value });
          }}
          onBlur={() => {
            checked.leave("address");
          }}
        />
        <div className={styles.line}>
          <Segmented
            label="Sorte de lieu"
            options={KINDS.map((kind) => ({ value: kind, label: SITE_KINDS[kind].word }))}
            value={doc.kind}
            onChange={(kind) => {
              change({ kind });
            }}
          />
        </div>
      </Part>
      <Part title="Son calendrier">
        <div className={styles.line}>
          <Segmented<HolidayZone>
            label="Jours fériés"
            options={[
              { value: "metropole", label: "Fériés communs" },
              { value: "alsace-moselle", label: "Alsace-Moselle" },
            ]}
            value={doc.holidays}
            onChange={(holidays) => {
              change({ holidays });
            }}
          />
        </div>
        <Select
          label="Heure locale"
          value={doc.zone}
          options={zones}
          onChange={(zone) => {
            change({ zone });
          }}
        />
      </Part>
    </Editor>
  );
}
