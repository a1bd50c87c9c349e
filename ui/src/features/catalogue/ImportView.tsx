import { useEffect, useRef, useState, type ReactNode } from "react";
import { useWrite, type BackendFailure, type CatalogueImport, type CatalogueStatus } from "~/shared/backend";
import { releaseText } from "~/shared/catalogue/words";
import { errorText } from "~/shared/errors";
import { figure } from "~/shared/format/numbers";
import { french } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";
import { useStatus } from "~/shared/session/session";
import { Button, IconButton } from "~/shared/ui/Button";
import { TextField } from "~/shared/ui/Field";
import { Icon } from "~/shared/ui/Icon";
import { Note } from "~/shared/ui/Note";
import { Progress } from "~/shared/ui/Progress";
import { ImportReport } from "./ImportReport";
import { endText, fileName, filesOf, percentOf, progressText, stageText } from "./importWords";
import { Page } from "./Page";
import styles from "./Import.module.css";

/** Files that are published become the catalogue of this desk. The one in service stays until the new one is whole. */
export function ImportView({
  status,
  backWord,
  onBack,
}: {
  status: CatalogueStatus;
  backWord: string;
  onBack: () => void;
}): ReactNode {
  const title = useRef<HTMLHeadingElement>(null);
  const { announce } = useNotices();
  const work = status.import;
  const working = work !== null;
  const wasWorking = useRef(false);
  // Each time another thing stands here, what had the focus is gone.
  useEffect(() => {
    title.current?.focus();
  }, [working]);
  useEffect(() => {
    if (wasWorking.current && !working && status.last !== null) announce(endText(status.last));
    wasWorking.current = working;
  }, [working, status.last, announce]);
  return (
    <Page label="Import du catalogue" backWord={backWord} onBack={onBack}>
      <div className={styles.import}>
        <h2 ref={title} tabIndex={-1}>
          {status.release === null ? "Importer un catalogue" : "Mettre à jour le catalogue"}
        </h2>
        <p className={styles.service}>
          {status.release === null
            ? "Ce poste n’a pas encore de catalogue."
            : `En service : le catalogue du ${releaseText(status.release)}, ${figure(status.records)}\u00a0fiches. Il reste en service jusqu’à ce que le nouveau soit prêt.`}
        </p>
        {work === null ? (
          <>
            {status.last !== null && <ImportReport last={status.last} kept={status.release !== null} />}
            <Ask />
            <Choose again={status.last !== null} />
          </>
        ) : (
          <Working work={work} kept={status.release !== null} />
        )}
      </div>
    </Page>
  );
}

function Working({ work, kept }: { work: CatalogueImport; kept: boolean }): ReactNode {
  const { mutate: stop, isPending } = useWrite("catalogue.stop");
  const percent = percentOf(work);
  return (
    <div className={styles.working}>
      <p className={styles.stage}>
        <b id="import-etape">{stageText(work.stage)}</b>
        {work.file !== "" && <span className="sub">{fileName(work.file)}</span>}
      </p>
      <Progress labelledBy="import-etape" percent={percent} text={progressText(work)} />
      <p className="num">
        {percent !== null && <b>{String(percent)} %</b>} {progressText(work)}
      </p>
      <div className={styles.actions}>
        <Button
          icon="close"
          disabled={isPending}
          onClick={() => {
            stop({});
          }}
        >
          Arrêter
        </Button>
        <span className="sub">
          {kept
            ? "Arrêter ne laisse rien à moitié fait : le catalogue en service reste le même."
            : "Arrêter ne laisse rien à moitié fait."}
        </span>
      </div>
    </div>
  );
}

/** The service publishes catalogues to its desks: they come by themselves, or when they are asked for. */
function Ask(): ReactNode {
  const line = useStatus();
  const { notify } = useNotices();
  const { mutate: update, isPending } = useWrite("catalogue.update");
  // A desk that stands alone has nobody to ask.
  if (line === undefined || line.online === null) return null;
  return (
    <div className={styles.actions}>
      <Button
        icon="sync"
        disabled={isPending}
        onClick={() => {
          update(
            {},
            {
              onSuccess: () => {
                notify({
                  text:
                    line.online === false
                      ? "Hors ligne : la mise à jour sera demandée au retour du réseau."
                      : "C’est demandé : s’il y a une mise à jour, elle vient d’elle-même.",
                  tone: "good",
                });
              },
              onError: (error) => {
                const { text, severity } = errorText(error);
                notify({ text, tone: severity });
              },
            },
          );
        }}
      >
        Demander la dernière mise à jour au service
      </Button>
    </div>
  );
}

/** What is to be read: chosen in the window's own dialog where there is one, or typed. */
function Choose({ again }: { again: boolean }): ReactNode {
  const [typed, setTyped] = useState("");
  const [paths, setPaths] = useState<readonly string[]>([]);
  const [error, setError] = useState<string | null>(null);
  const [failure, setFailure] = useState<BackendFailure | null>(null);
  const field = useRef<HTMLInputElement>(null);
  /** There is no dialog to choose in: paths are typed. */
  const [typing, setTyping] = useState(false);
  const { mutate: choose, isPending: choosing } = useWrite("catalogue.choose");
  const { mutate: start, isPending } = useWrite("catalogue.import");

  const add = (more: readonly string[]): void => {
    setError(null);
    setPaths((before) => [...new Set([...before, ...more])]);
  };
  const ask = (folders: boolean): void => {
    if (choosing) return;
    choose(
      { folders },
      {
        onSuccess: (chosen) => {
          if (chosen === null) {
            setTyping(true);
            field.current?.focus();
          } else if (chosen.paths.length > 0) add(chosen.paths);
        },
        onError: setFailure,
      },
    );
  };
  const begin = (): void => {
    const last = typed.trim();
    const all = last === "" ? paths : [...new Set([...paths, last])];
    if (all.length === 0) {
      setError("Choisissez un fichier, une archive ou un dossier.");
      field.current?.focus();
      return;
    }
    setError(null);
    setFailure(null);
    start({ paths: [...all] }, { onError: setFailure });
  };
  return (
    <form
      className={styles.choose}
      aria-label="Fichiers à lire"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        begin();
      }}
    >
      {again && <h3>Lire d’autres fichiers</h3>}
      <p className="sub">
        Les fichiers de l’Onisep (Idéo), l’Annuaire de l’éducation et vos questions fréquentes : tels qu’ils
        sont publiés, en fichiers, en archive zip ou en dossier.
      </p>
      {!typing && (
        <div className={styles.actions}>
          <Button
            icon="file"
            onClick={() => {
              ask(false);
            }}
          >
            Choisir des fichiers…
          </Button>
          <Button
            icon="folder"
            onClick={() => {
              ask(true);
            }}
          >
            Choisir un dossier…
          </Button>
        </div>
      )}
      {typing && <p role="status">Ce poste n’a pas de fenêtre de choix : tapez le chemin.</p>}
      <div className={styles.path}>
        <TextField
          ref={field}
          label="Fichier ou dossier"
          hint="son chemin sur ce poste ou sur la clé USB"
          value={typed}
          error={error}
          onChange={(event) => {
            setTyped(event.target.value);
            setError(null);
          }}
        />
        <Button
          icon="plus"
          onClick={() => {
            if (typed.trim() === "") field.current?.focus();
            else {
              add([typed.trim()]);
              setTyped("");
              field.current?.focus();
            }
          }}
        >
          Ajouter un autre
        </Button>
      </div>
      {paths.length > 0 && (
        <ul className={styles.paths} aria-label="À lire">
          {paths.map((path) => (
            <li key={path}>
              <Icon name="file" small />
              <span>{path}</span>
              <IconButton
                icon="close"
                label={`Retirer ${fileName(path)}`}
                onClick={() => {
                  setPaths((before) => before.filter((one) => one !== path));
                }}
              />
            </li>
          ))}
        </ul>
      )}
      {failure !== null && <Failure failure={failure} />}
      <div className={styles.actions}>
        <Button tone="primary" submit icon="download" disabled={isPending}>
          Importer
        </Button>
      </div>
    </form>
  );
}

export function Failure({ failure }: { failure: Pick<BackendFailure, "code" | "params"> }): ReactNode {
  const { text, next, severity } = errorText(failure);
  const files = filesOf(failure.params);
  return (
    <Note tone={severity} live>
      <b>{text}</b> {next}
      {files.length > 0 && (
        <ul>
          {files.map(({ file, reason }) => (
            <li key={`${file} ${reason}`}>
              {fileName(file)}
              {french(" : ")}
              {french(reason)}
            </li>
          ))}
        </ul>
      )}
    </Note>
  );
}
