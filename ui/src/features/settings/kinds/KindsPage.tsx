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
import { ListAndEditor } from "../parts/ListAndEditor";
import { useSettings } from "../useSettings";
import { placeOf } from "../words";
import { KindEditor } from "./KindEditor";
import { KindList } from "./KindList";
import { blankKind, NEW_KIND, reordered, stepped } from "./kinds";

/** The kinds of appointment: all at once, and the one that is open beside. */
export function KindsPage(): ReactNode {
  const settings = useSettings();
  const usage = useRead("settings.usage", {}).data;
  const drafts = useSettingsDrafts();
  const { announce } = useNotices();
  const saving = useSave();
  const [chosen, setChosen] = useState<string | null>(settings.kinds[0]?.id ?? null);
  const [detail, setDetail] = useState(false);
  const page = useRef<HTMLDivElement>(null);
  const offered = settings.kinds.filter((kind) => kind.active);
  const resting = settings.kinds.filter((kind) => !kind.active);
  const creating = chosen === "new" && drafts.slots[NEW_KIND] !== undefined;
  const kind = settings.kinds.find((one) => one.id === chosen) ?? (creating ? null : (offered[0] ?? null));

  const focusIn = (selector: string): void => {
    requestAnimationFrame(() => page.current?.querySelector<HTMLElement>(selector)?.focus());
  };
  const open = (id: string): void => {
    setChosen(id);
    setDetail(true);
    focusIn("form input");
  };
  const create = (): void => {
    if (drafts.slots[NEW_KIND] === undefined)
      drafts.set(NEW_KIND, { doc: blankKind(settings, crypto.randomUUID()) });
    open("new");
  };
  const back = (): void => {
    setDetail(false);
    focusIn('[role="row"][aria-selected="true"], [role="row"]');
  };
  const order = (ids: readonly string[], moved: string): void => {
    const changes = reordered(settings.kinds, ids);
    if (changes.length === 0) return;
    const name = settings.kinds.find((one) => one.id === moved)?.name ?? "";
    saving.save(changes, french(`Ordre enregistré : ${name}, ${placeOf(ids, moved)}`));
  };
  const step = (id: string, by: 1 | -1): void => {
    const ids = offered.map((one) => one.id);
    const next = stepped(ids, id, by);
    if (next === null) announce(by < 0 ? "Déjà en tête" : "Déjà en dernier");
    else order(next, id);
  };

  useShortcuts("Motifs", [
    { keys: "n", label: "Nouveau motif", run: create },
    { keys: "Alt+ArrowUp", label: "Monter ce motif dans la liste", local: true, run: () => false },
    { keys: "Alt+ArrowDown", label: "Descendre ce motif", local: true, run: () => false },
    { keys: "Enter", label: "Modifier le motif", local: true, run: () => false },
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
              <Button small icon="plus" shortcut="n" onClick={create}>
                Nouveau motif
              </Button>
            }
          >
            <h2>Motifs</h2>
            <p className="sub">dans l’ordre où l’accueil les voit</p>
          </Bar>
          <KindList
            offered={offered}
            resting={resting}
            pending={settings.pending}
            usage={usage?.kinds ?? {}}
            drafts={drafts.slots}
            chosen={creating ? "new" : (kind?.id ?? null)}
            onChoose={setChosen}
            onOpen={open}
            onStep={step}
            onOrder={order}
          />
          <Foot>
            <KeyHints
              hints={[
                { keys: "Enter", label: "modifier" },
                { keys: ["Alt+ArrowUp", "Alt+ArrowDown"], label: "changer l’ordre" },
              ]}
            />
          </Foot>
        </>
      }
      editor={
        creating || kind !== null ? (
          <KindEditor
            key={creating ? "new" : kind?.id}
            kind={creating ? null : kind}
            future={kind === null ? 0 : (usage?.kinds[kind.id] ?? 0)}
            onBack={back}
            onSaved={(id) => {
              setChosen(id);
              setDetail(false);
              focusIn('[role="row"][aria-selected="true"], [role="row"]');
            }}
          />
        ) : null
      }
    />
  );
}
