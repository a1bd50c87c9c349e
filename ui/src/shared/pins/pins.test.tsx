import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { useState, type ReactNode } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  BackendError,
  BackendProvider,
  createQueryClient,
  type Backend,
  type Pin,
  type PinPlace,
  type SessionView,
} from "~/shared/backend";
import { KeyboardProvider, useShortcuts } from "~/shared/keyboard/keyboard";
import { NoticesProvider, useNotices } from "~/shared/notices/notices";
import { SessionProvider } from "~/shared/session/session";
import { PinButton } from "./PinButton";
import { PinList } from "./PinList";
import { PinPicker } from "./PinPicker";
import { useRecordPins } from "./useRecordPins";
import {
  insteadOf,
  pinDetail,
  pinnedBy,
  pinnedText,
  pinRefusal,
  pinWord,
  placeDetail,
  placeKey,
  shortName,
  type PinTarget,
} from "./words";

const JADE: PinTarget = { to: { enquiry: "e1" }, name: "Jade Martin" };
const MEETING: PinTarget = { to: { appointment: "a1" }, name: "Jade Martin" };
const PARIS = "Europe/Paris";

const pin = (over: Partial<Pin> = {}): Pin => ({
  record: "FOR.1",
  kind: "programme",
  title: "CAP cuisine",
  subtitle: "CAP de niveau 3",
  note: null,
  by: "Mme Leroy",
  at: "2026-11-23T09:00:00Z",
  state: "known",
  gone_since: null,
  ...over,
});

const place = (over: Partial<PinPlace> = {}): PinPlace => ({
  to: { appointment: "a1" },
  label: "Jade Martin",
  start: "2026-11-23T13:00:00Z",
  zone: PARIS,
  counsellor: "Mme Haddad",
  channel: null,
  received_at: null,
  ...over,
});

describe("the words of a pin", () => {
  it("name the person as one speaks of them", () => {
    const names = ["Jade Martin", "Mme Delahaye", "DUPONT Zoé", "Lou-Ann Przybylski", "D-2041"];
    expect(names.map((name) => shortName({ ...JADE, name }))).toEqual([
      "Jade",
      "Mme\u00a0Delahaye",
      "DUPONT\u00a0Zoé",
      "Lou-Ann",
      "D-2041",
    ]);
    expect(shortName({ ...MEETING, name: "" })).toBe("ce rendez-vous");
    expect(shortName({ ...JADE, name: " " })).toBe("cette demande");
    expect([pinWord(JADE, false), pinWord(JADE, true)]).toEqual(["Épingler pour Jade", "Épinglée pour Jade"]);
    expect(pinnedText(JADE, "CAP cuisine", false)).toBe("Fiche retirée pour Jade, CAP cuisine");
  });

  it("say when and with whom, in the time of the site", () => {
    expect(placeDetail(place(), "2026-11-23", "America/Cayenne")).toBe(
      "Rendez-vous aujourd’hui, 14\u00a0h · Mme\u00a0Haddad",
    );
    const asked = place({
      to: { enquiry: "e1" },
      start: null,
      zone: null,
      counsellor: null,
      channel: "chat",
      received_at: "2026-11-21T23:30:00Z",
    });
    expect(placeDetail(asked, "2026-11-23", PARIS)).toBe("Demande par tchat, dim. 22 nov.");
    expect(placeDetail({ ...asked, channel: "walk_in" }, "2026-11-22", PARIS)).toBe(
      "Demande à l’accueil, aujourd’hui",
    );
  });

  it("say what became of the record, before what it is", () => {
    expect(pinDetail(pin())).toBe("CAP de niveau 3");
    expect(pinDetail(pin({ state: "gone", gone_since: "2026-11-02" }))).toBe(
      "n’est plus au catalogue depuis le 2 novembre 2026",
    );
    expect(pinDetail(pin({ state: "absent" }))).toBe("pas dans le catalogue de ce poste");
  });

  it("say by whom and when, and only when where that person is gone", () => {
    expect(pinnedBy(pin(), PARIS)).toBe("Mme\u00a0Leroy · lun.\u00a023\u00a0nov.");
    expect(pinnedBy(pin({ by: "—", at: "2026-11-23T23:30:00Z" }), PARIS)).toBe("mar.\u00a024\u00a0nov.");
  });

  it("say of a refusal what is possible instead", () => {
    const refused = (code: string, params = {}, target = MEETING): string =>
      pinRefusal(new BackendError({ code, params, retry: false, detail: "" }), target);
    expect(refused("too_many_pins", { most: 40 })).toBe(
      "40\u00a0fiches sont déjà épinglées pour Jade\u00a0: retirez-en une d’abord.",
    );
    expect(refused("not_allowed", { instead: { enquiry: "e1" } })).toContain("peut aller à la demande");
    expect(refused("not_allowed"), "there is none").not.toContain("demande d’où");
    expect(refused("not_allowed", {}, JADE)).not.toContain("rendez-vous");
    expect(refused("record_unknown")).toContain("pas dans le catalogue de ce poste");
    expect(refused("text_too_long", { most: 500 })).toContain("500\u00a0caractères");
  });

  it("take from a refusal the enquiry that it names, and nothing else", () => {
    expect(insteadOf({ params: { instead: { enquiry: "e9" } } }, MEETING)).toEqual({
      to: { enquiry: "e9" },
      name: "Jade Martin",
    });
    for (const params of [{}, { instead: null }, { instead: "e9" }, { instead: { enquiry: 9 } }])
      expect(insteadOf({ params }, MEETING)).toBeNull();
  });

  it("tell an enquiry from a meeting of the same id", () => {
    expect(placeKey({ enquiry: "x" })).not.toBe(placeKey({ appointment: "x" }));
  });
});

/** A desk that keeps the pins of places in memory and answers as the real one does. */
class FakeDesk implements Backend {
  readonly calls: { name: string; args: unknown }[] = [];
  readonly pinned = new Map<string, Pin[]>();
  refuse: string | null = null;
  /** What a refusal says beside its code; only of what is pinned to a meeting. */
  instead: unknown = null;
  ofEnquiry: Pin[] = [];
  places: PinPlace[] = [];
  readonly #listeners = new Set<(scopes: string[]) => void>();

  call<T>(name: string, args: unknown): Promise<T> {
    this.calls.push({ name, args });
    const { to, record, text } = args as { to?: PinTarget["to"]; record?: string; text?: string };
    const key = to === undefined ? "" : placeKey(to);
    const pins = this.pinned.get(key) ?? [];
    if (name === "session.get") return Promise.resolve(SESSION as T);
    if (name === "catalogue.pins")
      return Promise.resolve({
        for: "Jade Martin",
        pins,
        of_enquiry: this.ofEnquiry,
        may_pin: true,
        most: 40,
      } as T);
    if (name === "catalogue.pin_places")
      return Promise.resolve(this.places.filter((one) => one.label.includes(text ?? "")) as T);
    if (this.instead !== null && to !== undefined && "appointment" in to)
      return Promise.reject(
        new BackendError({
          code: "not_allowed",
          params: { instead: this.instead },
          retry: false,
          detail: "",
        }),
      );
    if (this.refuse !== null)
      return Promise.reject(
        new BackendError({ code: this.refuse, params: { most: 40 }, retry: false, detail: "" }),
      );
    if (name === "catalogue.pin") this.pinned.set(key, [...pins, pin({ record: record ?? "" })]);
    else if (name === "catalogue.unpin")
      this.pinned.set(
        key,
        pins.filter((one) => one.record !== record),
      );
    else return Promise.reject(new Error(name));
    for (const listener of this.#listeners) listener(["pins"]);
    return Promise.resolve({
      commands: ["c"],
      undoable: true,
      appointment: null,
      id: null,
      undone: null,
    } as T);
  }

  onChange(listener: (scopes: string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

const SESSION = {
  state: "ready",
  now: "2026-11-23T09:00:00Z",
  office: { zone: PARIS },
  user: { id: "u1", role: "counsellor" },
  people: [],
  demo: false,
} as unknown as SessionView;

function Said(): ReactNode {
  const { list } = useNotices();
  return (
    <output>
      {list.map(({ id, text, undoable, action }) => (
        <span key={id}>
          {`${text}${undoable ? " [annuler]" : ""} | `}
          {action !== undefined && (
            <button type="button" onClick={action.run}>
              {action.label}
            </button>
          )}
        </span>
      ))}
    </output>
  );
}

async function show(desk: FakeDesk, children: ReactNode): Promise<void> {
  render(
    <BackendProvider backend={desk} queries={createQueryClient()}>
      <KeyboardProvider>
        <NoticesProvider>
          <SessionProvider otherwise={() => null}>
            {children}
            <Said />
          </SessionProvider>
        </NoticesProvider>
      </KeyboardProvider>
    </BackendProvider>,
  );
  await screen.findByRole("status");
}

const said = (): string => screen.getAllByRole("status").at(-1)?.textContent ?? "";

/** A record page in small: P presses, and the place that is chosen stays for the next record. */
function Page({ record, given }: { record: string; given: PinTarget | null }): ReactNode {
  const [last, setLast] = useState<PinTarget | null>(null);
  const [asking, setAsking] = useState(false);
  const target = given ?? last;
  const pins = useRecordPins(
    { id: record, title: record },
    {
      target,
      chosen: target !== null && target === last,
      onAsk: () => {
        setAsking(true);
      },
    },
  );
  useShortcuts("Fiche", [{ keys: "p", label: "Épingler", run: pins.press }]);
  return (
    <>
      <PinButton pins={pins} primary />
      <PinPicker
        open={asking}
        title={record}
        onClose={() => {
          setAsking(false);
        }}
        onChoose={(chosen) => {
          setAsking(false);
          setLast(chosen);
        }}
      />
    </>
  );
}

function press(name: string, on: EventTarget = document.body): void {
  act(() => {
    on.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
  });
}

afterEach(() => {
  cleanup();
  localStorage.clear();
});

describe("pinning", () => {
  it("goes by P to the place that one comes from, and is taken off by the same key", async () => {
    const desk = new FakeDesk();
    await show(desk, <Page record="FOR.7" given={MEETING} />);
    await screen.findByRole("button", { name: /^Épingler pour Jade/, pressed: false });
    press("p");
    await screen.findByRole("button", { name: /^Épinglée pour Jade/, pressed: true });
    expect(desk.calls.find(({ name }) => name === "catalogue.pin")?.args).toEqual({
      to: MEETING.to,
      record: "FOR.7",
    });
    expect(said()).toContain("Fiche épinglée pour Jade, FOR.7 [annuler]");
    press("p");
    await screen.findByRole("button", { name: /^Épingler pour Jade/, pressed: false });
    expect(desk.pinned.get("appointment:a1")).toEqual([]);
    expect(said()).toContain("Fiche retirée pour Jade, FOR.7 [annuler]");
  });

  it("says why not, and nothing looks pinned", async () => {
    const desk = new FakeDesk();
    desk.refuse = "too_many_pins";
    await show(desk, <Page record="FOR.7" given={JADE} />);
    await screen.findByRole("button", { name: /^Épingler pour Jade/ });
    press("p");
    await waitFor(() => {
      expect(said()).toContain("retirez-en une d’abord");
    });
    expect(screen.getByRole("button", { name: /^Épingler pour Jade/, pressed: false })).toBeDefined();
  });

  it("offers the enquiry that a refusal names, and pins there when it is pressed", async () => {
    const desk = new FakeDesk();
    desk.instead = { enquiry: "e5" };
    await show(desk, <Page record="FOR.7" given={MEETING} />);
    await screen.findByRole("button", { name: /^Épingler pour Jade/ });
    press("p");
    fireEvent.click(await screen.findByRole("button", { name: "Épingler à la demande" }));
    await waitFor(() => {
      expect(said()).toContain("Fiche épinglée pour Jade, FOR.7 [annuler]");
    });
    expect(desk.pinned.get("enquiry:e5")).toHaveLength(1);
    expect(desk.pinned.get("appointment:a1")).toBeUndefined();
  });

  it("says of a record for a meeting that it is pinned to the enquiry already, and lets one pin it all the same", async () => {
    const desk = new FakeDesk();
    desk.ofEnquiry = [pin({ record: "FOR.7" })];
    await show(desk, <Page record="FOR.7" given={MEETING} />);
    await screen.findByText("Déjà épinglée à la demande");
    press("p");
    await screen.findByRole("button", { name: /^Épinglée pour Jade/, pressed: true });
    expect(screen.queryByText("Déjà épinglée à la demande"), "it says the nearer of both").toBeNull();
  });

  it("asks for whom where nobody is given; what is chosen is kept for the next record", async () => {
    const desk = new FakeDesk();
    desk.places = [place(), place({ to: { enquiry: "e2" }, label: "Omar Saïdi", channel: "mail" })];
    await show(desk, <Page record="FOR.7" given={null} />);
    expect(screen.getByRole("button", { name: /^Épingler…/ })).toBeDefined();
    press("p");
    const box = await screen.findByRole("combobox", { name: "Nom" });
    await screen.findByRole("option", { name: /Omar/ });
    fireEvent.change(box, { target: { value: "Omar" } });
    await waitFor(() => {
      expect(screen.getAllByRole("option")).toHaveLength(1);
    });
    fireEvent.keyDown(box, { key: "Enter" });
    await screen.findByRole("button", { name: /^Épingler pour Omar/ });
    expect(screen.getByRole("button", { name: "Pour quelqu’un d’autre…" })).toBeDefined();
  });

  it("says so where there is nobody to pin for", async () => {
    await show(new FakeDesk(), <Page record="FOR.7" given={null} />);
    press("p");
    expect(await screen.findByText(/Aucun rendez-vous à venir et aucune demande à vous/)).toBeDefined();
  });
});

describe("the list of pins", () => {
  const many = (count: number): Pin[] =>
    Array.from({ length: count }, (_, index) =>
      pin({ record: `FOR.${String(index)}`, title: `Formation ${String(index)}` }),
    );

  it("opens what is known or gone, and only names what is not here", async () => {
    const open = vi.fn();
    await show(
      new FakeDesk(),
      <PinList
        label="Fiches"
        pins={[
          pin({ record: "FOR.1", title: "Une", note: "à voir avec la mère" }),
          pin({ record: "FOR.2", title: "Deux", state: "gone", gone_since: "2026-11-02" }),
          pin({ record: "FOR.3", title: "Trois", state: "absent" }),
        ]}
        onOpen={open}
      />,
    );
    fireEvent.click(screen.getByRole("button", { name: /Deux/ }));
    expect(open).toHaveBeenCalledWith(expect.objectContaining({ record: "FOR.2" }));
    expect(screen.queryByRole("button", { name: /Trois/ })).toBeNull();
    expect(screen.getByText("à voir avec la mère")).toBeDefined();
    expect(screen.queryByRole("button", { name: /^Retirer/ })).toBeNull();
  });

  it("takes off by Suppr, whatever the panel around does with that key, and stays on the next line", async () => {
    const cancel = vi.fn();
    function Around(): ReactNode {
      const [pins, setPins] = useState(many(3));
      useShortcuts("Rendez-vous", [{ keys: "Delete", label: "Annuler", run: cancel }], "panel");
      return (
        <PinList
          label="Fiches"
          pins={pins}
          onOpen={() => undefined}
          onRemove={(gone) => {
            setPins((before) => before.filter(({ record }) => record !== gone.record));
          }}
        />
      );
    }
    await show(new FakeDesk(), <Around />);
    const second = screen.getByRole("button", { name: /^Formation, Formation 1/ });
    second.focus();
    press("Delete", second);
    expect(screen.queryByText("Formation 1")).toBeNull();
    expect(document.activeElement?.textContent).toContain("Formation 2");
    expect(cancel).not.toHaveBeenCalled();
    press("Delete");
    expect(cancel).toHaveBeenCalledOnce();
  });

  it("shows six of forty, and the others when asked", async () => {
    await show(new FakeDesk(), <PinList label="Fiches" pins={many(40)} onOpen={() => undefined} />);
    expect(screen.getAllByRole("listitem")).toHaveLength(6);
    fireEvent.click(screen.getByRole("button", { name: /Voir 34.autres fiches/ }));
    expect(screen.getAllByRole("listitem")).toHaveLength(40);
    cleanup();
    await show(new FakeDesk(), <PinList label="Fiches" pins={many(40)} most={3} onOpen={() => undefined} />);
    expect(screen.getAllByRole("listitem")).toHaveLength(3);
    fireEvent.click(screen.getByRole("button", { name: /Voir 37.autres fiches/ }));
    expect(screen.getByRole("button", { name: "N’en montrer que trois" })).toBeDefined();
  });

  it("adds a word to a pin", async () => {
    const note = vi.fn();
    await show(
      new FakeDesk(),
      <PinList
        label="Fiches"
        pins={[pin()]}
        onOpen={() => undefined}
        onRemove={() => undefined}
        onNote={note}
      />,
    );
    fireEvent.click(screen.getByRole("button", { name: /^Ajouter un mot/ }));
    const box = screen.getByRole("textbox", { name: /^Un mot sur/ });
    fireEvent.change(box, { target: { value: " avec son père " } });
    fireEvent.submit(box);
    expect(note).toHaveBeenCalledWith(
      expect.objectContaining({ record: "FOR.1" }),
      "avec son père",
      expect.anything(),
    );
  });
});
