import type { ReactNode } from "react";
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from "react-aria-components";
import { useWrite, type Role } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { useNotices } from "~/shared/notices/notices";
import { useSession } from "~/shared/session/session";
import { useDensity } from "~/shared/theme/theme";
import { Icon } from "~/shared/ui/Icon";
import { Kbd } from "~/shared/ui/Kbd";
import styles from "./UserMenu.module.css";

const ROLES: Record<Role, string> = {
  receptionist: "Accueil",
  counsellor: "Psy-EN",
  director: "Direction",
  academy_admin: "Académie",
};

/** Who is at the desk, who may take over, and how dense the grid is. */
export function UserMenu({ onHistory }: { onHistory: () => void }): ReactNode {
  const { user, people } = useSession();
  const { list, notify, dismiss } = useNotices();
  const change = useWrite("session.use");
  const [density, setDensity] = useDensity();
  return (
    <MenuTrigger>
      <Button className={styles.me ?? ""}>
        <span className={styles.name}>{user.name}</span>
        <span className={styles.role}>{ROLES[user.role]}</span>
        <Icon name="down" />
      </Button>
      <Popover className={styles.popover ?? ""} placement="bottom end" offset={6}>
        <Menu
          className={styles.menu ?? ""}
          aria-label="Personne et affichage"
          onAction={(key) => {
            if (key === "density") {
              setDensity(density === "compacte" ? "aeree" : "compacte");
              return;
            }
            if (key === "history") {
              onHistory();
              return;
            }
            if (key === user.id) return;
            change.mutate(
              { person: String(key) },
              {
                // What one person did is not for the next one to take back.
                onSuccess: () => {
                  for (const notice of list) dismiss(notice.id);
                },
                onError: (error) => {
                  notify({ text: errorText(error).text, tone: "bad" });
                },
              },
            );
          }}
        >
          <MenuSection selectionMode="single" selectedKeys={[user.id]}>
            <Header className={styles.head ?? ""}>Au poste</Header>
            {people.map((person) => (
              <MenuItem key={person.id} id={person.id} textValue={person.name} className={styles.item ?? ""}>
                <Icon name="check" small />
                <span>{person.name}</span>
                <span className={styles.role}>{ROLES[person.role]}</span>
              </MenuItem>
            ))}
          </MenuSection>
          <MenuSection>
            <Header className={styles.head ?? ""}>Ce poste</Header>
            <MenuItem id="history" textValue="Historique" className={styles.item ?? ""}>
              <Icon name="list" small />
              <span>Historique</span>
              <span className={styles.role}>
                <Kbd keys="Ctrl+Shift+z" />
              </span>
            </MenuItem>
          </MenuSection>
          <MenuSection selectionMode="multiple" selectedKeys={density === "compacte" ? ["density"] : []}>
            <Header className={styles.head ?? ""}>Agenda</Header>
            <MenuItem id="density" textValue="Grille compacte" className={styles.item ?? ""}>
              <Icon name="check" small />
              <span>Grille compacte</span>
            </MenuItem>
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
