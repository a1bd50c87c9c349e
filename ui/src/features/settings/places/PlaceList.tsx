import { useEffect, useRef, type ReactNode } from "react";
import { GridList, GridListItem } from "react-aria-components";
import type { RoomDoc, SettingsUsage, SettingsView, SiteDoc } from "~/shared/backend";
import { cx, french, plural } from "~/shared/format/text";
import { Chip } from "~/shared/ui/Chip";
import { Icon } from "~/shared/ui/Icon";
import type { Edited } from "../documents/drafts";
import { NEW_ROOM, NEW_SITE, SITE_KINDS, zoneWord } from "./places";
import list from "../parts/DocumentList.module.css";
import styles from "./PlaceList.module.css";

type Row = { id: string; site: SiteDoc; room: RoomDoc | null };

/** Each site with its rooms under it, in the order in which they are taken. */
export function PlaceList({
  settings,
  usage,
  drafts,
  chosen,
  onChoose,
  onOpen,
  onStep,
  children,
}: {
  settings: SettingsView;
  usage: SettingsUsage | undefined;
  drafts: Readonly<Record<string, Edited>>;
  chosen: string;
  onChoose: (id: string) => void;
  onOpen: (id: string) => void;
  onStep: (id: string, by: 1 | -1) => void;
  children: ReactNode;
}): ReactNode {
  const rows: Row[] = settings.sites.flatMap((site) => [
    { id: site.id, site, room: null },
    ...settings.rooms
      .filter((room) => room.site === site.id)
      .map((room): Row => ({ id: room.id, site, room })),
  ]);
  // A list in another order is another list: its rows are not moved about under the focus, which then goes along.
  const sequence = rows.map((row) => row.id).join();
  const scroll = useRef<HTMLDivElement>(null);
  const moved = useRef<string | null>(null);
  useEffect(() => {
    if (moved.current === null) return;
    scroll.current?.querySelector<HTMLElement>(`[data-key="${moved.current}"]`)?.focus();
    moved.current = null;
  }, [sequence]);
  const future = (row: Row): number => (row.room === null ? usage?.sites[row.id] : usage?.rooms[row.id]) ?? 0;
  const begun = (row: Row): boolean =>
    drafts[`${row.room === null ? "site" : "room"}:${row.id}`] !== undefined;
  const facts = (row: Row): string => {
    if (row.room !== null) return french(`salle « ${row.room.kind} », ${plural(row.room.seats, "place")}`);
    const parts = [row.site.address];
    if (row.site.holidays === "alsace-moselle") parts.push("jours fériés d’Alsace-Moselle");
    if (row.site.zone !== settings.office.zone) parts.push(`heure de ${zoneWord(row.site.zone)}`);
    return parts.filter(Boolean).join(" · ");
  };
  return (
    <div ref={scroll} className={list.scroll}>
      {[
        { slot: NEW_SITE, word: "Nouveau lieu" },
        { slot: NEW_ROOM, word: "Nouvelle salle" },
      ].map(
        ({ slot, word }) =>
          drafts[slot] !== undefined && (
            <button
              key={slot}
              type="button"
              className={list.draft}
              aria-current={chosen === slot ? "true" : undefined}
              onClick={() => {
                onOpen(slot);
              }}
            >
              <Icon name="pen" small />
              <span>
                <b>{word}</b>, commencé et pas encore enregistré
              </span>
            </button>
          ),
      )}
      <div
        onKeyDownCapture={(event) => {
          const up = event.key === "ArrowUp";
          if (!event.altKey || (!up && event.key !== "ArrowDown")) return;
          const id = (event.target as HTMLElement).closest<HTMLElement>("[data-key]")?.dataset["key"];
          if (id === undefined) return;
          event.preventDefault();
          event.stopPropagation();
          moved.current = id;
          onStep(id, up ? -1 : 1);
        }}
      >
        <GridList
          key={sequence}
          aria-label="Lieux et salles"
          items={rows.map((row) => ({ ...row, future: future(row), begun: begun(row) }))}
          dependencies={[settings, chosen]}
          selectionMode="single"
          selectionBehavior="replace"
          disallowEmptySelection
          selectedKeys={rows.some((row) => row.id === chosen) ? [chosen] : []}
          onSelectionChange={(keys) => {
            if (keys === "all") return;
            const [key] = keys;
            if (key !== undefined && key !== chosen) onChoose(String(key));
          }}
          onAction={(key) => {
            onOpen(String(key));
          }}
        >
          {(row) => (
            <GridListItem
              id={row.id}
              textValue={
                row.room === null
                  ? `${row.site.name}, ${SITE_KINDS[row.site.kind].word}`
                  : `${row.room.name}, ${row.site.name}`
              }
              className={cx(list.row, styles.row, row.room !== null && styles.room)}
            >
              <Icon name={row.room === null ? SITE_KINDS[row.site.kind].icon : "door"} />
              <span className={cx(list.what, styles.what)}>
                <b>{french(row.room?.name ?? row.site.name)}</b>
                <span className={list.meta}>{facts(row)}</span>
              </span>
              <span className={list.marks}>
                {row.begun && (
                  <span className={list.begun}>
                    <Icon name="pen" small />
                    modifié
                  </span>
                )}
                {settings.pending.includes(row.id) && <Chip state="provisional" />}
                {row.room === null && <span className={list.meta}>{SITE_KINDS[row.site.kind].word}</span>}
              </span>
              <span className={cx(list.future, styles.future, "num")}>
                {row.future === 0 ? "aucun à venir" : `${String(row.future)} à venir`}
              </span>
            </GridListItem>
          )}
        </GridList>
      </div>
      {children}
    </div>
  );
}
