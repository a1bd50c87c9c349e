//! The line between desks and central: it loses, doubles and delays what is on it, some of it for hours.

use chrono::TimeDelta;
use futures_util::future::join_all;
use passerelle_office::store::StoreError;
use passerelle_office::sync::{Answer, Ask, Step, SyncError};

use super::acts::What;
use super::central::Centre;
use super::desk::Post;
use super::world::{Event, World};
use super::{Protections, invariants};

/// A request that has no answer after so long has failed.
const TIMEOUT_S: i64 = 30;
/// So many attempts are made on a line that is cut, before its desk sleeps.
const ATTEMPTS: u32 = 8;
/// What a proxy kept and let go later comes within so much time.
const LATEST_S: i64 = 6 * 3600;

impl World<'_> {
    /// Central says that there is something new; not everybody hears it, and whoever sent it has it mostly with the answer.
    pub(super) fn hint(&mut self, office: usize, from: Option<usize>) {
        for post in 0..self.posts.len() {
            let heard = if from == Some(post) { 200 } else { 700 };
            if self.posts[post].office == office && self.dice.permille(heard) {
                let after = self.dice.from_to(0, 2);
                self.at(after, Event::Hint(post));
            }
        }
    }

    /// A desk begins an exchange.
    pub(super) async fn begin(&mut self, post: usize) -> anyhow::Result<()> {
        let desk = &mut self.posts[post];
        desk.wakes = None;
        // Of an outage of days a few attempts are enough: then the machine sleeps until the line is there again.
        if desk.cut_off_until > self.now {
            desk.attempts += 1;
            if desk.attempts > ATTEMPTS {
                let wakes = desk.cut_off_until + TimeDelta::seconds(1);
                self.wake_at(post, wakes);
                return Ok(());
            }
        } else {
            desk.attempts = 0;
        }
        let (Some(store), Some(engine)) = (&desk.store, &mut desk.engine) else { return Ok(()) };
        // Pages so short that what a desk has sent comes back to it in several; more often all of it at once.
        let limit = match self.dice.below(10) {
            0..2 => 1,
            2..4 => 4,
            _ => 1000,
        };
        // Mostly a poll looks first; who was called does not.
        let look = match self.dice.permille(500) {
            true => engine.look(store, self.now + desk.skew).await?,
            false => None,
        };
        let ask = match look {
            Some(look) => look,
            None => engine.begin(store, limit).await?,
        };
        self.send(post, Box::new(ask));
        Ok(())
    }

    fn send(&mut self, post: usize, request: Box<Ask>) {
        self.tickets += 1;
        let ticket = self.tickets;
        self.posts[post].ticket = Some(ticket);
        self.posts[post].never_left = self.posts[post].cut_off_until > self.now;
        self.at(TIMEOUT_S, Event::GiveUp { post, ticket });
        // Somebody goes on while what was done before is on the line.
        let has_commands = matches!(&*request, Ask::Exchange(request) if !request.commands.is_empty());
        if self.storm && has_commands && self.dice.permille(250) {
            self.at(0, Event::Act(post, What::TheSame));
        }
        if self.is_lost(post) {
            return;
        }
        if self.storm && self.dice.permille(80) {
            let again = self.second_time();
            self.at(again, Event::Arrive { post, ticket, request: request.clone() });
        }
        let delay = self.delay();
        self.at(delay, Event::Arrive { post, ticket, request });
    }

    fn is_lost(&mut self, post: usize) -> bool {
        self.posts[post].cut_off_until > self.now || (self.storm && self.dice.permille(120))
    }

    /// Mostly a second or two; in a storm sometimes longer than anybody waits.
    fn delay(&mut self) -> i64 {
        if self.storm && self.dice.permille(60) { self.dice.from_to(3, 120) } else { self.dice.from_to(0, 1) }
    }

    /// What comes twice comes the second time soon, or hours later: whoever it was meant for may be another by then.
    fn second_time(&mut self) -> i64 {
        if self.dice.permille(400) { self.dice.from_to(60, LATEST_S) } else { self.delay() }
    }

    /// Requests that reach central at the same moment.
    pub(super) async fn arrive(&mut self, together: Vec<(usize, u64, Box<Ask>)>) -> anyhow::Result<()> {
        let Some(centre) = &mut self.centre else {
            for (post, ticket, _) in together {
                let gone = SyncError::Unreachable("connection refused".to_owned());
                self.at(1, Event::Return { post, ticket, outcome: Box::new(Err(gone)) });
            }
            return Ok(());
        };
        // Both ways to decide the commands of a request must give the same.
        let mut protections = self.options.protections.central;
        protections.together = self.dice.permille(700);
        centre.set(self.now, protections);
        let answers = answers(centre, &self.posts, &together, self.options.protections).await;
        for ((post, ticket, request), outcome) in together.into_iter().zip(answers) {
            self.outcome.requests += 1;
            match &outcome {
                Ok(Answer::Exchange(answer)) => {
                    for result in &answer.results {
                        let said = serde_json::to_value(&result.verdict)?;
                        let said = format!("{} {}", said["status"], said["code"]);
                        self.note(format!("central to desk {post}: {} {said}", result.id));
                    }
                    if !answer.results.is_empty() {
                        let office = self.posts[post].office;
                        self.hint(office, Some(post));
                    }
                }
                Ok(Answer::Part(part)) => {
                    self.note(format!(
                        "central to desk {post}: {} documents of {}",
                        part.rows.len(),
                        part.scope
                    ));
                }
                Ok(Answer::Same) => self.note(format!("central to desk {post}: nothing has happened")),
                Ok(Answer::Differs) => self.note(format!("central to desk {post}: something has happened")),
                Err(error) => self.note(format!("central to desk {post}: {error}")),
            }
            drop(request);
            if self.is_lost(post) {
                continue;
            }
            if self.storm && self.dice.permille(80) {
                let (delay, copy) = (self.second_time(), copy_of(&outcome));
                self.at(delay, Event::Return { post, ticket, outcome: Box::new(copy) });
            }
            let delay = self.delay();
            self.at(delay, Event::Return { post, ticket, outcome: Box::new(outcome) });
        }
        if let Some(watch) = &mut self.watch {
            invariants::at_central(watch).await?;
        }
        Ok(())
    }

    /// An answer reaches a desk. One that it does not wait for any more goes to its database all the same, as it would from
    /// a second process that works on it.
    pub(super) async fn returns(
        &mut self,
        post: usize,
        ticket: u64,
        outcome: Result<Answer, SyncError>,
    ) -> anyhow::Result<()> {
        let desk = &mut self.posts[post];
        let clock = desk.clock(self.now);
        let (Some(store), Some(engine)) = (&desk.store, &mut desk.engine) else { return Ok(()) };
        if desk.ticket != Some(ticket) {
            if let Ok(Answer::Exchange(answer)) = &outcome {
                match store.apply(answer, false, clock).await {
                    Ok(_) | Err(StoreError::Gap { .. }) => {}
                    Err(_) if desk.is_breaking => {}
                    Err(error) => return Err(error.into()),
                }
            }
            return self.check_desk(post).await;
        }
        desk.ticket = None;
        let exchanged = matches!(&outcome, Ok(Answer::Exchange(_)));
        match engine.take(store, outcome, clock).await {
            Some(Step::Send(next) | Step::Renew(next)) => self.send(post, Box::new(next)),
            Some(Step::Done(done)) => {
                desk.has_exchanged |= exchanged && done.is_ok();
                match &done {
                    Ok(report) => {
                        self.outcome.acknowledged += u64::from(report.accepted);
                        self.outcome.refused += u64::from(report.refused);
                        // A restored central has lost more than a desk follows it in by itself: the director says yes.
                        if store.gone().await?.is_some() {
                            store.let_go().await?;
                            engine.call(clock);
                        }
                    }
                    Err(SyncError::Store(error)) if !self.posts[post].is_breaking => {
                        anyhow::bail!("desk {post} cannot apply an answer: {error}");
                    }
                    Err(SyncError::Unreachable(_) | SyncError::Unanswered(_)) => {
                        self.turns_to_colleagues(post)
                    }
                    Err(_) => {}
                }
                self.set_alarm(post);
            }
            None => {}
        }
        self.check_desk(post).await
    }
}

/// One after the other, as the lock of the office makes them; without it all at once.
async fn answers(
    centre: &Centre,
    posts: &[Post],
    together: &[(usize, u64, Box<Ask>)],
    protections: Protections,
) -> Vec<Result<Answer, SyncError>> {
    let each = together.iter().map(|(post, _, request)| centre.answer(&posts[*post].desk.enrolled, request));
    if !protections.central.office_lock {
        return join_all(each).await;
    }
    let mut answers = Vec::with_capacity(together.len());
    for answer in each {
        answers.push(answer.await);
    }
    answers
}

fn copy_of(outcome: &Result<Answer, SyncError>) -> Result<Answer, SyncError> {
    match outcome {
        Ok(answer) => Ok(answer.clone()),
        Err(SyncError::Refused(problem)) => Err(SyncError::Refused(problem.clone())),
        Err(error) => Err(SyncError::Unreachable(error.to_string())),
    }
}
