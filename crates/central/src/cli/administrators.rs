//! `admin key`, `admin list`, `admin revoke`.

use clap::Subcommand;
use serde_json::json;

use super::{Failure, Said, said};
use crate::administration::kept::AdminKey;
use crate::administration::{self, By};
use crate::store::Store;

#[derive(Debug, Subcommand)]
pub(super) enum AdminSub {
    /// Fait une clé pour administrer par HTTP (/v1/admin) ; elle n’est dite qu’une fois
    Key {
        /// À qui elle est : « Rectorat, Mme Martin »
        #[arg(long)]
        name: String,
    },
    /// Énumère les clés
    List,
    /// Met fin à une clé, tout de suite
    Revoke {
        /// Le nom de la clé
        #[arg(long)]
        name: String,
    },
}

/// `admin …`.
pub(super) async fn run(store: &Store, command: AdminSub, by: &By) -> Result<Option<Said>, Failure> {
    match command {
        AdminSub::Key { name } => {
            let key = administration::make_key(store, &name, by).await?;
            said(json!({ "name": name.trim(), "key": key }), key)
        }
        AdminSub::List => {
            let keys = administration::keys(store).await?;
            let line = |key: &AdminKey| {
                let ended =
                    key.revoked_at.map(|at| format!("  (sans valeur depuis le {})", at.format("%d/%m/%Y")));
                format!("{}  {}{}", key.made_at.format("%d/%m/%Y"), key.name, ended.unwrap_or_default())
            };
            let lines: Vec<String> = keys.iter().map(line).collect();
            said(json!(keys), lines.join("\n"))
        }
        AdminSub::Revoke { name } => {
            administration::revoke_key(store, &name, by).await?;
            said(json!({ "name": name, "revoked": true }), format!("la clé « {name} » ne vaut plus rien"))
        }
    }
}
