import { useRef, useState, type ReactNode } from "react";
import { useRead } from "~/shared/backend";
import { french } from "~/shared/format/text";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { useNotices } from "~/shared/notices/notices";
import { Button } from "~/shared/ui/Button";
import { KeyHints } from "~/shared/ui/KeyHints";
import { Bar, Foot } from "~/shared/ui/Screen";
import { useSettingsDrafts } from "../documents/drafts";
import { useSave } from "../documents/useSave";
import { stepped } from "../kinds/kinds";
import { ListAndEditor } from "../parts/ListAndEditor";
import { useSettings } from "../useSettings";
import { placeOf } from "../words";
import { PlaceList } from "./PlaceList";
import { blankRoom, blankSite, NEW_ROOM, NEW_SITE, reorderedRooms } from "./places";
import { RoomEditor } from "./RoomEditor";
import { SiteEditor } from "./SiteEditor";
import { TravelTable } from "./TravelTable";

/** Where the office receives: its sites with their rooms, and the way between them. */
export function PlacesPage(): ReactNode {
  const settings = useSettings();
  const usage = useRead("settings.usage", {}).data;
  const drafts = useSettingsDrafts();
  const { announce } = useNotices();
  const saving = useSave();
  const [chosen, setChosen] = useState<string>(settings.sites[0]?.id ?? "");
  const [detail, setDetail] = useState(false);
  const page = useRef<HTMLDivElement>(null);
  const room = settings.rooms.find((one) => one.id === chosen);
  const site = settings.sites.find((one) => one.id === chosen);
  const newRoom = chosen === NEW_ROOM && drafts.slots[NEW_ROOM] !== undefined;
  const newSite = chosen === NEW_SITE && drafts.slots[NEW_SITE] !== undefined;

  const focusIn = (selector: string): void => {
    requestAnimationFrame(() => page.current?.querySelector<HTMLElement>(selector)?.focus());
  };
  const open = (id: string): void => {
    setChosen(id);
    setDetail(true);
    focusIn("form input");
  };
  const back = (): void => {
    setDetail(false);
    focusIn('[role="row"][aria-selected="true"], [role="row"]');
  };
  const createSite = (): void => {
    if (drafts.slots[NEW_SITE] === undefined)
      drafts.set(NEW_SITE, { doc: blankSite(settings, crypto.randomUUID()) });
    open(NEW_SITE);
  };
  const createRoom = (): void => {
    const where = site?.id ?? room?.site ?? settings.sites[0]?.id ?? "";
    if (drafts.slots[NEW_ROOM] === undefined)
      drafts.set(NEW_ROOM, { doc: blankRoom(settings, where, crypto.randomUUID()) });
    open(NEW_ROOM);
  };
  const step = (id: string, by: 1 | -1): void => {
    const moved = settings.rooms.find((one) => one.id === id);
    if (moved === undefined) {
      announce("Les lieux sont dans l’ordre de leur nom, le siège d’abord");
      return;
    }
    const here = settings.rooms.filter((one) => one.site === moved.site);
    const next = stepped(
      here.map((one) => one.id),
      id,
      by,
    );
    if (next === null) announce(by < 0 ? "Déjà prise en premier" : "Déjà prise en dernier");
    else
      saving.save(
        reorderedRooms(here, next),
        french(`Ordre enregistré : ${moved.name}, ${placeOf(next, id)}`),
      );
  };
  const saved = (id: string): void => {
    setChosen(id);
    setDetail(false);
    focusIn('[role="row"][aria-selected="true"], [role="row"]');
  };
  const gone = (): void => {
    setChosen(settings.sites[0]?.id ?? "");
    back();
  };

  useShortcuts("Salles et lieux", [
    { keys: "n", label: "Nouvelle salle", run: createRoom },
    { keys: "l", label: "Nouveau lieu", run: createSite },
    { keys: "Alt+ArrowUp", label: "Prendre cette salle plus tôt", local: true, run: () => false },
    { keys: "Alt+ArrowDown", label: "Prendre cette salle plus tard", local: true, run: () => false },
    { keys: "Enter", label: "Modifier", local: true, run: () => false },
    { keys: "Ctrl+Enter", label: "Enregistrer", local: true, run: () => false },
  ]);

  return (
    <ListAndEditor
      ref={page}
      detail={detail}
      list={
        <>
          <Bar
            end={
              <>
                <Button small icon="plus" shortcut="l" onClick={createSite}>
                  Lieu
                </Button>
                <Button small icon="plus" shortcut="n" onClick={createRoom}>
                  Salle
                </Button>
              </>
            }
          >
            <h2>Salles et lieux</h2>
          </Bar>
          <PlaceList
            settings={settings}
            usage={usage}
            drafts={drafts.slots}
            chosen={chosen}
            onChoose={setChosen}
            onOpen={open}
            onStep={step}
          >
            <TravelTable />
          </PlaceList>
          <Foot>
            <KeyHints
              hints={[
                { keys: "Enter", label: "modifier" },
                { keys: ["Alt+ArrowUp", "Alt+ArrowDown"], label: "ordre dans lequel les salles sont prises" },
              ]}
            />
          </Foot>
        </>
      }
      editor={
        newRoom || room !== undefined ? (
          <RoomEditor
            key={newRoom ? NEW_ROOM : room?.id}
            room={newRoom ? null : (room ?? null)}
            future={usage?.rooms[room?.id ?? ""] ?? 0}
            onBack={back}
            onSaved={saved}
            onGone={gone}
          />
        ) : newSite || site !== undefined ? (
          <SiteEditor
            key={newSite ? NEW_SITE : site?.id}
            site={newSite ? null : (site ?? null)}
            future={usage?.sites[site?.id ?? ""] ?? 0}
            onBack={back}
            onSaved={saved}
            onGone={gone}
          />
        ) : null
      }
    />
  );
}
