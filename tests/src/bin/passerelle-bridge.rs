//! The loopback bridge: the page of the window in an ordinary browser, on the real desk. For tests alone; it is in no
//! package, and the page speaks to it only when it was built for it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use axum::extract::{Path as Segment, Query, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use clap::Parser;
use passerelle_office::clock::Clock;
use passerelle_office::desk::Desk;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::watch;

/// The policy of the window, with the page's own origin in place of Tauri's channel.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'";

/// How long a question for changes waits before it is answered with none.
const POLL: Duration = Duration::from_secs(20);

#[derive(Parser)]
struct Options {
    /// The desk's profile.
    #[arg(long)]
    profile: PathBuf,
    /// Loopback address.
    #[arg(long)]
    listen: SocketAddr,
    /// The built page.
    #[arg(long)]
    ui: PathBuf,
    /// The instant that the desk's clock starts at.
    #[arg(long)]
    now: Option<DateTime<Utc>>,
    /// Never exchanges with central by itself.
    #[arg(long)]
    still: bool,
}

#[derive(Clone)]
struct Bridge {
    desk: Desk,
    ui: Arc<PathBuf>,
    /// All news so far, numbered from 1.
    news: watch::Receiver<Arc<Vec<Vec<&'static str>>>>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    if !options.listen.ip().is_loopback() {
        bail!("the bridge listens on loopback alone");
    }
    let clock = options.now.map_or_else(Clock::default, Clock::starting_at);
    let desk = Desk::open(&options.profile, clock).await.context("the profile cannot be opened")?;
    let (tell, news) = watch::channel(Arc::new(Vec::new()));
    let mut changes = desk.changes();
    tokio::spawn(async move {
        loop {
            match changes.recv().await {
                Ok(scopes) => tell.send_modify(|all| Arc::make_mut(all).push(scopes.into_iter().collect())),
                // Too much at once: everything is stale.
                Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => tell.send_modify(|all| {
                    Arc::make_mut(all).push(vec![
                        "session",
                        "status",
                        "agenda",
                        "enquiries",
                        "clients",
                        "conflicts",
                    ]);
                }),
                Err(tokio::sync::broadcast::error::RecvError::Closed) => return,
            }
        }
    });
    let catalogue = desk.catalogue().clone();
    tokio::spawn(async move { catalogue.ready().await.map(drop) });
    if !options.still {
        tokio::spawn(passerelle_office::sync::run(desk.clone()));
    }
    let app = Router::new()
        .route("/api/call/{name}", post(call))
        .route("/api/changes", get(changed))
        .fallback(page)
        .with_state(Bridge { desk, ui: Arc::new(options.ui), news });
    let listener = tokio::net::TcpListener::bind(options.listen).await?;
    eprintln!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

async fn call(
    State(bridge): State<Bridge>,
    Segment(name): Segment<String>,
    Json(args): Json<Value>,
) -> Response {
    let args = if args.is_null() { json!({}) } else { args };
    match passerelle_office::api::call(&bridge.desk, &name, args).await {
        Ok(out) => Json(out).into_response(),
        Err(error) => (StatusCode::CONFLICT, Json(error)).into_response(),
    }
}

#[derive(Deserialize)]
struct After {
    after: usize,
}

async fn changed(State(mut bridge): State<Bridge>, Query(After { after }): Query<After>) -> Json<Value> {
    let more = bridge.news.wait_for(|all| all.len() > after);
    let _ = tokio::time::timeout(POLL, more).await.map(drop);
    let all = bridge.news.borrow().clone();
    // A page that was there before this process has seen none of its news.
    let from = after.min(all.len());
    let mut scopes: Vec<&str> = all[from..].iter().flatten().copied().collect();
    scopes.sort_unstable();
    scopes.dedup();
    Json(json!({ "n": all.len(), "scopes": scopes }))
}

async fn page(State(bridge): State<Bridge>, uri: Uri) -> Response {
    let asked = uri.path().trim_start_matches('/');
    let inside = !asked.split('/').any(|part| part == "..");
    let path = if asked.is_empty() || !inside { "index.html" } else { asked };
    let Ok(bytes) = tokio::fs::read(bridge.ui.join(path)).await else {
        return (StatusCode::NOT_FOUND, "not there").into_response();
    };
    let mut response = bytes.into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(Path::new(path))));
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|e| e.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}
