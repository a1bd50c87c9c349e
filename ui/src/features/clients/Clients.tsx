import { useDeferredValue, useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useRead } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { plural } from "~/shared/format/text";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { useNotices } from "~/shared/notices/notices";
import { matchOf } from "~/shared/people/match";
import { PersonLine } from "~/shared/people/PersonField";
import { useRouter, type Routes } from "~/shared/router/router";
import { Button } from "~/shared/ui/Button";
import { TextField } from "~/shared/ui/Field";
import { Icon } from "~/shared/ui/Icon";
import { EmptyState, Loading } from "~/shared/ui/Panel";
import { ClientDetail } from "./ClientDetail";
import { ClientForm } from "./ClientForm";
import { Compare } from "./Compare";
import styles from "./Clients.module.css";
import { TodaysPeople } from "./TodaysPeople";
import { blank, typedOf, type ClientTyped } from "./form";

const MOST = 60;

/** Finds people as one types, shows one, makes and changes records. */
export function Clients(): ReactNode {
  const { place, go } = useRouter();
  const { announce } = useNotices();
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const [form, setForm] = useState<{ typed: ClientTyped; n: number } | null>(null);
  const [compared, setCompared] = useState<{ first: string; second: string } | null>(null);
  const [showing, setShowing] = useState<"list" | "detail">("list");
  const [visit, setVisit] = useState(-1);
  const [opening, setOpening] = useState({ id: "", n: 0 });
  const search = useRef<HTMLInputElement>(null);
  const detail = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const query = useDeferredValue(typed.trim());
  const found = useRead("clients.search", { query, limit: MOST }, { keep: true });
  const rows = found.data ?? [];
  const client = useRead("clients.get", { id: chosen ?? "" }, { enabled: chosen !== null, keep: true });
  const shown = client.data?.id === chosen ? client.data : undefined;
  const at = rows.findIndex((row) => row.id === chosen);
  /** The list is that of what is typed, not of what was typed before. */
  const settled = query === typed.trim() && found.data !== undefined && !found.isPlaceholderData;
  /** Enter came before the list had followed: what it is for is not known yet. */
  const hasty = useRef(false);

  const edit = (next: ClientTyped): void => {
    setCompared(null);
    setForm((before) => ({ typed: next, n: (before?.n ?? 0) + 1 }));
    setShowing("detail");
  };
  const show = (id: string): void => {
    setForm(null);
    setCompared(null);
    setChosen(id);
  };
  const compare = (first: string, second: string): void => {
    setForm(null);
    setChosen(first);
    setCompared({ first, second });
    setShowing("detail");
  };
  const open = (id: string): void => {
    show(id);
    setShowing("detail");
    setOpening((before) => ({ id, n: before.n + 1 }));
  };

  if (place.screen === "clients" && place.visit !== visit) {
    setVisit(place.visit);
    const params = place.params as Routes["clients"];
    if (params.query !== undefined) setTyped(params.query);
    if (params.client !== undefined) open(params.client);
    else if (params.create === true) edit(blank(params.query ?? ""));
  }

  useEffect(() => {
    if (!(place.params as Routes["clients"]).client) search.current?.focus();
  }, [place]);

  const said = useRef("");
  useEffect(() => {
    if (query.length < 2 || found.data === undefined || found.isPlaceholderData || said.current === query)
      return;
    said.current = query;
    announce(
      found.data.length === 0 ? "Personne de ce nom" : plural(found.data.length, "personne", "personnes"),
    );
  });
  useEffect(() => {
    const line = list.current?.querySelector<HTMLElement>("[aria-current='true']");
    line?.scrollIntoView({ block: "nearest" });
    if (list.current?.contains(document.activeElement) === true) line?.focus();
  }, [chosen]);

  const walk = (step: 1 | -1): void => {
    const next = rows[at < 0 ? 0 : at + step];
    if (next === undefined) return;
    show(next.id);
    const name = [next.given_name, next.family_name].filter(Boolean).join(" ");
    announce(name);
  };
  const create = (): void => {
    edit(blank(typed.trim()));
  };
  const book = (): void => {
    if (shown !== undefined) go("agenda", { book: { client: matchOf(shown) } });
  };

  const take = (): void => {
    const target = at >= 0 ? rows[at] : rows[0];
    if (target !== undefined) open(target.id);
    else if (typed.trim() !== "") create();
  };
  useEffect(() => {
    if (!hasty.current || !settled) return;
    hasty.current = false;
    take();
  });

  const pressed = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      walk(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (settled) take();
      else hasty.current = true;
    } else if (event.key === "Escape" && typed !== "") {
      event.preventDefault();
      setTyped("");
    }
  };

  useShortcuts("Usagers", [
    { keys: "/", label: "Chercher quelqu’un", run: () => search.current?.focus() },
    {
      keys: "j",
      label: "Personne suivante",
      run: () => {
        walk(1);
      },
    },
    {
      keys: "k",
      label: "Personne précédente",
      run: () => {
        walk(-1);
      },
    },
    { keys: "n", label: "Nouvel usager", run: create },
    {
      keys: "m",
      label: "Modifier la fiche",
      run: () => {
        if (shown === undefined) return false;
        edit(typedOf(shown));
        return true;
      },
    },
    {
      keys: "f",
      label: "Comparer avec la fiche proche",
      run: () => {
        const other = shown?.duplicates[0];
        if (shown === undefined || other === undefined) return false;
        compare(shown.id, other.id);
        return true;
      },
    },
    {
      keys: "p",
      label: "Poser un rendez-vous",
      run: () => {
        if (shown === undefined) return false;
        book();
        return true;
      },
    },
  ]);

  return (
    <div className={styles.screen} data-showing={showing}>
      <section className={styles.column} aria-labelledby="usagers">
        <div className={styles.head}>
          <h1 id="usagers">Usagers</h1>
          <button
            type="button"
            className={styles.back}
            onClick={() => {
              setShowing("list");
              requestAnimationFrame(() => search.current?.focus());
            }}
          >
            <Icon name="left" />
            Liste des usagers
          </button>

          <Button small icon="plus" shortcut="n" onClick={create}>
            Nouveau
          </Button>
        </div>
        <div className={styles.search}>
          <TextField
            ref={search}
            type="search"
            label="Chercher"
            hint="nom, téléphone ou date de naissance"
            value={typed}
            onChange={(event) => {
              hasty.current = false;
              setTyped(event.target.value);
            }}
            onKeyDown={pressed}
          />
        </div>
        {found.error !== null && found.data === undefined ? (
          <EmptyState title={errorText(found.error).text}>{errorText(found.error).next}</EmptyState>
        ) : found.data === undefined ? (
          <Loading lines={6} />
        ) : rows.length === 0 ? (
          query === "" ? (
            <TodaysPeople current={chosen} onOpen={open} />
          ) : (
            <EmptyState title="Personne de ce nom.">
              <Button icon="plus" onClick={create}>
                Créer la fiche
              </Button>
            </EmptyState>
          )
        ) : (
          <ul
            ref={list}
            className={styles.list}
            aria-label="Personnes trouvées"
            onKeyDown={(event) => {
              if (event.key === "ArrowDown" || event.key === "ArrowUp") pressed(event);
            }}
          >
            {rows.map((match, index) => (
              <li key={match.id}>
                <button
                  type="button"
                  className={styles.line}
                  aria-current={match.id === chosen ? "true" : undefined}
                  tabIndex={index === Math.max(0, at) ? 0 : -1}
                  onClick={() => {
                    open(match.id);
                  }}
                >
                  <PersonLine match={match} />
                </button>
              </li>
            ))}
            {rows.length >= MOST && (
              <li className={styles.more}>Les {String(MOST)} premières : précisez la recherche.</li>
            )}
          </ul>
        )}
      </section>
      <section className={styles.work} aria-label="Fiche">
        {form !== null ? (
          <ClientForm
            key={form.n}
            initial={form.typed}
            onClose={() => {
              setForm(null);
              if (chosen === null) setShowing("list");
              requestAnimationFrame(() => (chosen === null ? search.current : detail.current)?.focus());
            }}
            onSaved={(id) => {
              setForm(null);
              if (id !== null) open(id);
            }}
            onOpen={open}
          />
        ) : compared !== null ? (
          <Compare
            key={`${compared.first} ${compared.second}`}
            first={compared.first}
            second={compared.second}
            onClose={() => {
              setCompared(null);
              requestAnimationFrame(() => detail.current?.focus());
            }}
            onMerged={open}
          />
        ) : shown !== undefined ? (
          <ClientDetail
            ref={detail}
            client={shown}
            opening={opening.id === shown.id ? opening.n : 0}
            onEdit={() => {
              edit(typedOf(shown));
            }}
            onBook={book}
            onCompare={(other) => {
              compare(shown.id, other);
            }}
          />
        ) : client.error !== null && chosen !== null ? (
          <EmptyState title={errorText(client.error).text}>{errorText(client.error).next}</EmptyState>
        ) : chosen === null ? (
          <EmptyState title="Aucune fiche ouverte.">
            Choisissez une personne dans la liste : ses coordonnées, ses responsables, ses rendez-vous et ses
            demandes viennent ici.
          </EmptyState>
        ) : (
          <Loading lines={6} />
        )}
      </section>
    </div>
  );
}
