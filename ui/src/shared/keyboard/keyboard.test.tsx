import { act, cleanup, render } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { chordOf, keyName } from "./chord";
import { KeyboardProvider, useShortcuts, type Layer, type Shortcut } from "./keyboard";

const key = (over: Partial<KeyboardEvent>): KeyboardEvent =>
  ({
    key: "",
    code: "",
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...over,
  }) as KeyboardEvent;

describe("the name of a key", () => {
  it("takes letters in either case, and marks with the character that they write", () => {
    expect(chordOf(key({ key: "T", shiftKey: true }))).toBe("t");
    expect(chordOf(key({ key: "?", shiftKey: true }))).toBe("?");
    expect(chordOf(key({ key: "k", ctrlKey: true }))).toBe("Ctrl+k");
    expect(chordOf(key({ key: "k", metaKey: true }))).toBe("Ctrl+k");
    expect(chordOf(key({ key: "ArrowLeft", altKey: true }))).toBe("Alt+ArrowLeft");
    expect(chordOf(key({ key: " " }))).toBe("Space");
  });
  it("takes the digit keys of a French keyboard by their place", () => {
    expect(chordOf(key({ key: "é", code: "Digit2" }))).toBe("2");
    expect(chordOf(key({ key: "2", code: "Digit2", shiftKey: true }))).toBe("2");
  });
  it("is written as on a cap", () => {
    expect(keyName("Ctrl+k")).toBe("Ctrl K");
    expect(keyName("Enter")).toBe("↵");
  });
});

function Group({ title, shortcuts, layer }: { title: string; shortcuts: Shortcut[]; layer?: Layer }): null {
  useShortcuts(title, shortcuts, layer);
  return null;
}

function press(name: string, over: KeyboardEventInit = {}, on: EventTarget = document.body): boolean {
  const event = new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...over });
  act(() => {
    on.dispatchEvent(event);
  });
  return event.defaultPrevented;
}

describe("the keys of a screen", () => {
  beforeEach(() => {
    localStorage.clear();
  });
  afterEach(cleanup);

  it("go to the nearest that wants them", () => {
    const frame = vi.fn();
    const panel = vi.fn((): boolean => false);
    render(
      <KeyboardProvider>
        <Group title="Panneau" layer="panel" shortcuts={[{ keys: "t", label: "panneau", run: panel }]} />
        <Group title="Cadre" layer="frame" shortcuts={[{ keys: "t", label: "cadre", run: frame }]} />
      </KeyboardProvider>,
    );
    expect(press("t")).toBe(true);
    expect(panel).toHaveBeenCalledOnce();
    expect(frame).toHaveBeenCalledOnce();
    panel.mockReturnValueOnce(true);
    press("t");
    expect(frame, "the panel kept its key").toHaveBeenCalledOnce();
  });

  it("do nothing while something is typed, unless they are made for it", () => {
    const single = vi.fn();
    const chord = vi.fn();
    const { container } = render(
      <KeyboardProvider>
        <Group
          title="Écran"
          shortcuts={[
            { keys: "n", label: "suivant", run: single },
            { keys: "Ctrl+k", label: "chercher", whileTyping: true, run: chord },
          ]}
        />
        <input type="text" />
      </KeyboardProvider>,
    );
    const field = container.querySelector("input");
    if (field === null) throw new Error("the field is there");
    expect(press("n", {}, field)).toBe(false);
    expect(press("k", { ctrlKey: true }, field)).toBe(true);
    expect(single).not.toHaveBeenCalled();
    expect(chord).toHaveBeenCalledOnce();
  });

  it("can be turned off, the single ones, and stay off", () => {
    const single = vi.fn();
    const chord = vi.fn();
    const shortcuts: Shortcut[] = [
      { keys: "t", label: "aujourd’hui", run: single },
      { keys: "Ctrl+z", label: "annuler", run: chord },
    ];
    localStorage.setItem("passerelle.touches", "non");
    render(
      <KeyboardProvider>
        <Group title="Écran" shortcuts={shortcuts} />
      </KeyboardProvider>,
    );
    press("t");
    press("z", { ctrlKey: true });
    expect(single).not.toHaveBeenCalled();
    expect(chord).toHaveBeenCalledOnce();
  });

  it("are inert behind a dialog", () => {
    const single = vi.fn();
    render(
      <KeyboardProvider>
        <Group title="Écran" shortcuts={[{ keys: "t", label: "aujourd’hui", run: single }]} />
        <div role="dialog" aria-modal="true" />
      </KeyboardProvider>,
    );
    press("t");
    expect(single).not.toHaveBeenCalled();
  });
});
