//! A poll to which nothing has happened, as it goes over the wire, headers and all.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::{Connection, PgConnection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// Carries what goes between desks and central, and counts it.
pub struct Line {
    pub url: String,
    pub bytes: Arc<AtomicU64>,
    pub requests: Arc<AtomicU64>,
}

impl Line {
    pub async fn to(central: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (bytes, requests) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let there = central.trim_start_matches("http://").to_owned();
        let counted = (Arc::clone(&bytes), Arc::clone(&requests));
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = TcpStream::connect(&there).await else { continue };
                let ((from_near, to_near), (from_far, to_far)) = (near.into_split(), far.into_split());
                tokio::spawn(carry(from_near, to_far, Arc::clone(&counted.0), Some(Arc::clone(&counted.1))));
                tokio::spawn(carry(from_far, to_near, Arc::clone(&counted.0), None));
            }
        });
        Self { url, bytes, requests }
    }

    /// Bytes both ways and requests since the last call.
    pub fn counted(&self) -> (u64, u64) {
        (self.bytes.swap(0, Ordering::Relaxed), self.requests.swap(0, Ordering::Relaxed))
    }
}

async fn carry(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    bytes: Arc<AtomicU64>,
    requests: Option<Arc<AtomicU64>>,
) {
    let mut part = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut part).await {
        bytes.fetch_add(length as u64, Ordering::Relaxed);
        if let Some(requests) = &requests
            && (part.starts_with(b"POST ") || part.starts_with(b"GET "))
        {
            requests.fetch_add(1, Ordering::Relaxed);
        }
        if to.write_all(&part[..length]).await.is_err() {
            break;
        }
    }
    // Whoever listens there learns that nothing more comes.
    let _ = to.shutdown().await;
}

/// How many transactions a database has had.
pub struct Transactions(PgConnection);

impl Transactions {
    pub async fn of(address: &str) -> Self {
        Self(PgConnection::connect(address).await.expect("a connection"))
    }

    /// The number, once the server has counted what is over: its processes say it a second late.
    pub async fn quiet(&mut self) -> f64 {
        tokio::time::sleep(std::time::Duration::from_millis(2_500)).await;
        let count: i64 = sqlx::query_scalar(
            "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()",
        )
        .fetch_one(&mut self.0)
        .await
        .expect("a number");
        count as f64
    }
}
