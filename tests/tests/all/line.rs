//! A line to central that can be spoilt: answers lost, a word changed on the way, or somebody else answering.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[derive(Debug, Default)]
struct Spoilt {
    lose_answers: bool,
    rename: Option<(String, String)>,
    answer: Option<String>,
    cut_blobs_after: Option<usize>,
    blob_bytes: usize,
    asked: Vec<String>,
}

/// The line. It ends with the test's runtime.
#[derive(Debug)]
pub struct Line {
    here: SocketAddr,
    spoilt: Arc<Mutex<Spoilt>>,
}

impl Line {
    /// A line to this address.
    pub async fn to(url: &str) -> Self {
        let central: SocketAddr = url.trim_start_matches("http://").parse().expect("an address");
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let here = listener.local_addr().expect("an address");
        let spoilt: Arc<Mutex<Spoilt>> = Arc::default();
        let shared = spoilt.clone();
        tokio::spawn(async move {
            while let Ok((desk, _)) = listener.accept().await {
                tokio::spawn(carry(desk, central, shared.clone()));
            }
        });
        Self { here, spoilt }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://{}", self.here)
    }

    /// Requests to synchronise arrive, their answers do not.
    pub fn lose_answers(&self, yes: bool) {
        self.spoilt.lock().expect("a lock").lose_answers = yes;
    }

    /// One word becomes another of the same length in all that goes up.
    pub fn rename(&self, from: &str, to: &str) {
        assert_eq!(from.len(), to.len(), "the length of the body is said before it");
        self.spoilt.lock().expect("a lock").rename = Some((from.to_owned(), to.to_owned()));
    }

    /// The line breaks when so many bytes of a pack have come down it.
    pub fn cut_blobs_after(&self, bytes: Option<usize>) {
        self.spoilt.lock().expect("a lock").cut_blobs_after = bytes;
    }

    /// How many bytes of packs have come down the line, heads of the answers included.
    pub fn blob_bytes(&self) -> usize {
        self.spoilt.lock().expect("a lock").blob_bytes
    }

    /// What was asked since the last call: methods and paths, in order.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.spoilt.lock().expect("a lock").asked)
    }

    /// Whatever is asked, this is the answer.
    pub fn answer_with(&self, answer: Option<String>) {
        self.spoilt.lock().expect("a lock").answer = answer;
    }
}

async fn carry(mut desk: TcpStream, central: SocketAddr, spoilt: Arc<Mutex<Spoilt>>) {
    let Ok(mut central) = TcpStream::connect(central).await else { return };
    let (mut up, mut down) = (vec![0; 65_536], vec![0; 65_536]);
    let mut lost = false;
    let mut blob = false;
    let mut came = 0;
    loop {
        tokio::select! {
            read = desk.read(&mut up) => {
                let Some(n) = read.ok().filter(|n| *n > 0) else { return };
                let mut bytes = up[..n].to_vec();
                let answer = {
                    let mut spoilt = spoilt.lock().expect("a lock");
                    if bytes.starts_with(b"GET ") || bytes.starts_with(b"POST ") {
                        let line = String::from_utf8_lossy(bytes.split(|b| *b == b'\r').next().unwrap_or(&[]));
                        spoilt.asked.push(line.trim_end_matches(" HTTP/1.1").to_owned());
                    }
                    blob |= bytes.starts_with(b"GET /v1/blobs/");
                    lost |= spoilt.lose_answers && bytes.windows(13).any(|w| w == b"POST /v1/sync");
                    if let Some((from, to)) = &spoilt.rename {
                        bytes = plain(bytes);
                        let at = bytes.windows(from.len()).position(|w| w == from.as_bytes());
                        if let Some(at) = at {
                            bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
                        }
                    }
                    spoilt.answer.clone()
                };
                if let Some(answer) = answer {
                    let _ = desk.write_all(answer.as_bytes()).await;
                    let _ = desk.shutdown().await;
                    return;
                }
                if central.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            read = central.read(&mut down) => {
                let Some(n) = read.ok().filter(|n| *n > 0) else { return };
                let mut n = n;
                if blob {
                    let mut spoilt = spoilt.lock().expect("a lock");
                    let most = spoilt.cut_blobs_after.map_or(n, |cut| cut.saturating_sub(came).min(n));
                    lost |= most < n;
                    (n, came) = (most, came + most);
                    spoilt.blob_bytes += most;
                }
                if blob && lost {
                    let _ = desk.write_all(&down[..n]).await;
                    return;
                }
                // Central has decided; the desk never hears of it.
                if lost || desk.write_all(&down[..n]).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// A request whose body is not compressed any more: what a desk sends fits into one part.
fn plain(request: Vec<u8>) -> Vec<u8> {
    const ENCODED: &str = "content-encoding: zstd\r\n";
    let Some(end) = request.windows(4).position(|w| w == b"\r\n\r\n") else { return request };
    let head = String::from_utf8_lossy(&request[..end + 2]).into_owned();
    if !head.contains(ENCODED) {
        return request;
    }
    let body = zstd::decode_all(&request[end + 4..]).expect("the whole body");
    let lines = head.replace(ENCODED, "");
    let kept = lines.split_inclusive("\r\n").filter(|line| !line.starts_with("content-length:"));
    let head: String = kept.collect();
    [head.as_bytes(), format!("content-length: {}\r\n\r\n", body.len()).as_bytes(), &body].concat()
}
