import type { ReactNode } from "react";
import { useTheme } from "~/shared/theme/theme";
import { IconButton } from "~/shared/ui/Button";
import { Icon } from "~/shared/ui/Icon";
import { Kbd } from "~/shared/ui/Kbd";
import { Connection } from "./Connection";
import styles from "./TopBar.module.css";
import { UserMenu } from "./UserMenu";

export function TopBar({
  office,
  onSearch,
  onHistory,
}: {
  office: string;
  onSearch: () => void;
  onHistory: () => void;
}): ReactNode {
  const [theme, setTheme] = useTheme();
  const dark = theme === "sombre";
  return (
    <header className={styles.top}>
      <p className={styles.brand}>
        <svg className={styles.logo} viewBox="0 0 20 20" aria-hidden="true">
          <path d="M1.5 12.500C5 6 15 6 18.5 12.500M1.5 15.500h17M6 15.500v-5.500M10 15.500V8M14 15.500v-5.5" />
        </svg>
        <b>Passerelle</b>
        <span className={styles.office}>{office}</span>
      </p>
      <button type="button" className={styles.search} aria-keyshortcuts="Control+K" onClick={onSearch}>
        <Icon name="search" />
        <span>Rechercher ou commander…</span>
        <span className={styles.searchKey}>
          <Kbd keys="Ctrl+k" />
        </span>
      </button>
      <div className={styles.end}>
        <Connection />
        <IconButton
          icon={dark ? "sun" : "moon"}
          label={dark ? "Passer au thème clair" : "Passer au thème sombre"}
          onClick={() => {
            setTheme(dark ? "clair" : "sombre");
          }}
        />
        <UserMenu onHistory={onHistory} />
      </div>
    </header>
  );
}
