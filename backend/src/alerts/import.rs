//! Rules of a file into the book: all of them or none, and copies of rules; never how a file is read.

use std::collections::{HashMap, HashSet};

use common::alert::{Rule, RuleInput};
use common::api::rules::{Imported, OnExisting};
use common::ids::RuleId;
use common::problem::FieldError;
use common::time::UnixMs;
use serde_json::Value;
use uuid::Uuid;

use super::error::RuleError;
use super::rule_book::{RuleBook, check, must_hold, unknown_channels};
use super::rule_file::{self, Read, RuleFileForm};
use crate::auth::{Allowed, Scope, may};
use crate::store::{Connection, StoreError, tables};

/// Longest name of a rule, in characters.
const NAME_CHARS: usize = 100;

/// How a file is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Import {
    /// What becomes of a rule whose name is there already.
    pub existing: OnExisting,
    /// Nothing is changed.
    pub dry_run: bool,
}

impl RuleBook {
    /// All rules, by name.
    pub async fn all(&self, _may: &Allowed<may::AlertsRead>) -> Result<Vec<Rule>, RuleError> {
        let rows = self.store.read(tables::rule::all).await?;
        Ok(rows.into_iter().map(Rule::from).collect())
    }

    /// Takes the rules of a file, all or none; each problem with its place.
    pub async fn import(
        &self,
        may: &Allowed<may::RulesWrite>,
        (form, text): (RuleFileForm, String),
        how: Import,
    ) -> Result<Imported, RuleError> {
        let now = self.clock.now();
        let parsed = tokio::task::spawn_blocking(move || {
            let read = rule_file::read(form, &text)?;
            checked(read)
        });
        let read = parsed.await.map_err(|_| StoreError::Panicked)?;
        let read = read.map_err(RuleError::Invalid)?;
        let scope = may.scope().clone();
        if how.dry_run {
            let plan = move |conn: &mut Connection| Plan::of(conn, &scope, read, (how, now));
            return Ok(self.store.read(plan).await?.told);
        }
        let actor = may.actor();
        let work = self.store.change(&actor, move |conn| {
            Plan::of(conn, &scope, read, (how, now))?.write(conn)
        });
        let told = work.await?;
        self.changed().await;
        Ok(told)
    }

    /// Adds a copy of a rule, switched off, under a name that is free.
    pub async fn duplicate(
        &self,
        may: &Allowed<may::RulesWrite>,
        id: RuleId,
    ) -> Result<Rule, RuleError> {
        let now = self.clock.now();
        let (actor, scope) = (may.actor(), may.scope().clone());
        let work = self.store.change(&actor, move |conn| {
            let row = tables::rule::find(conn, id)?.ok_or(RuleError::NotFound(id))?;
            let all = tables::rule::all(conn)?;
            let names: HashSet<String> = all.into_iter().map(|row| row.name).collect();
            let input = row.definition.0;
            must_hold(conn, &scope, &input.scope)?;
            let copy = new_rule(
                RuleInput {
                    name: copy_name(&input.name, &names),
                    enabled: false,
                    ..input
                },
                now,
            );
            tables::rule::insert(conn, &copy.clone().into())?;
            Ok::<_, RuleError>(copy)
        });
        let copy = work.await?;
        self.changed().await;
        Ok(copy)
    }
}

/// `High CPU (copy)`, `High CPU (copy 2)`; a long name is cut.
fn copy_name(name: &str, taken: &HashSet<String>) -> String {
    let named = |at: usize| {
        let end = if at == 1 {
            " (copy)".to_owned()
        } else {
            format!(" (copy {at})")
        };
        let room = NAME_CHARS - end.chars().count();
        let start: String = name.chars().take(room).collect();
        format!("{}{end}", start.trim_end())
    };
    // One more than there are names is free.
    let mut free = (1..=taken.len() + 1).map(named);
    free.find(|name| !taken.contains(name))
        .unwrap_or_else(|| named(taken.len() + 2))
}

fn new_rule(input: RuleInput, now: UnixMs) -> Rule {
    Rule {
        id: RuleId(Uuid::now_v7()),
        version: 1,
        created_at: now,
        updated_at: now,
        input,
    }
}

/// The rules of a file, each checked for itself; all problems, each with its place.
pub fn read_rules(form: RuleFileForm, text: &str) -> Result<Vec<RuleInput>, Vec<FieldError>> {
    let read = rule_file::read(form, text).and_then(checked)?;
    Ok(read.rules.into_iter().map(|it| it.input).collect())
}

/// Rules of a file that holds more than rules; each is checked for itself.
#[derive(Debug, Clone)]
pub struct FileRules(Read);

impl FileRules {
    /// Those that stand under `rules`; all problems, each with its place.
    pub fn of(rules: Vec<Value>) -> Result<Self, Vec<FieldError>> {
        rule_file::of_values(rules).and_then(checked).map(Self)
    }

    /// Writes them within the change of somebody who sees all servers. The engine has to be told when it
    /// is durable.
    pub fn write(
        self,
        conn: &mut Connection,
        existing: OnExisting,
        now: UnixMs,
    ) -> Result<Imported, RuleError> {
        let how = Import {
            existing,
            dry_run: false,
        };
        Plan::of(conn, &Scope::All, self.0, (how, now))?.write(conn)
    }
}

/// Each rule for itself, and that no two of the file have one name.
fn checked(read: Read) -> Result<Read, Vec<FieldError>> {
    let mut wrong = Vec::new();
    let mut names: HashMap<&str, &str> = HashMap::new();
    for written in &read.rules {
        if let Err(RuleError::Invalid(faults)) = check(&written.input) {
            let faults = faults.into_iter();
            wrong.extend(faults.map(|it| written.fault(&it.field, it.message)));
        }
        let first = names.insert(&written.input.name, &written.place);
        if let Some(first) = first {
            wrong.push(written.fault("name", format!("is taken by {first}")));
        }
    }
    if wrong.is_empty() {
        Ok(read)
    } else {
        Err(wrong)
    }
}

/// What is to be written.
struct Plan {
    add: Vec<Rule>,
    replace: Vec<Rule>,
    told: Imported,
}

impl Plan {
    /// Rules that are there as they are in the file stay; what is written must apply to servers that the
    /// person sees, and have applied to such alone.
    fn of(
        conn: &mut Connection,
        scope: &Scope,
        read: Read,
        (how, now): (Import, UnixMs),
    ) -> Result<Self, RuleError> {
        let rows = tables::rule::all(conn)?.into_iter().map(Rule::from);
        let known: HashMap<String, Rule> =
            rows.map(|rule| (rule.input.name.clone(), rule)).collect();
        let mut plan = Self {
            add: Vec::new(),
            replace: Vec::new(),
            told: Imported {
                dry_run: how.dry_run,
                left_out: read.left_out,
                warnings: read.warnings,
                ..Imported::default()
            },
        };
        let mut wrong = Vec::new();
        for written in read.rules {
            let before = known.get(&written.input.name);
            let stays =
                |before: &Rule| how.existing == OnExisting::Skip || before.input == written.input;
            if before.is_some_and(stays) {
                plan.told.unchanged.push(written.input.name);
            } else if before.is_some() && how.existing == OnExisting::Refuse {
                wrong.push(written.fault("name", "is taken by another rule"));
            } else if !is_seen(conn, scope, &written.input, before)? {
                wrong.push(written.fault("scope", "applies to servers that you do not see"));
            } else {
                let unknown = unknown_channels(conn, &written.input)?;
                if unknown.is_empty() {
                    plan.take(written.input, before, now);
                } else {
                    let unknown = unknown.into_iter();
                    wrong.extend(unknown.map(|it| written.fault(&it.field, it.message)));
                }
            }
        }
        if wrong.is_empty() {
            Ok(plan)
        } else {
            Err(RuleError::Invalid(wrong))
        }
    }

    fn write(self, conn: &mut Connection) -> Result<Imported, RuleError> {
        for rule in self.add {
            tables::rule::insert(conn, &rule.into())?;
        }
        for rule in self.replace {
            tables::rule::update(conn, &rule.into())?;
        }
        Ok(self.told)
    }

    fn take(&mut self, input: RuleInput, before: Option<&Rule>, now: UnixMs) {
        let Some(before) = before else {
            self.told.added.push(input.name.clone());
            self.add.push(new_rule(input, now));
            return;
        };
        self.told.replaced.push(input.name.clone());
        self.replace.push(Rule {
            version: before.version + 1,
            updated_at: now,
            input,
            ..before.clone()
        });
    }
}

/// Whether a rule applies, before and after, to no server that is not seen.
fn is_seen(
    conn: &mut Connection,
    scope: &Scope,
    after: &RuleInput,
    before: Option<&Rule>,
) -> Result<bool, StoreError> {
    let inputs = before.map(|rule| &rule.input).into_iter().chain([after]);
    for input in inputs {
        if !scope.holds_rule(conn, &input.scope)? {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_get_names_that_are_free() {
        let taken = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect();
        for (name, taken, expected) in [
            ("CPU", taken(&["CPU"]), "CPU (copy)"),
            ("CPU", taken(&["CPU", "CPU (copy)"]), "CPU (copy 2)"),
            (
                "CPU (copy)",
                taken(&["CPU", "CPU (copy)"]),
                "CPU (copy) (copy)",
            ),
        ] {
            assert_eq!(copy_name(name, &taken), expected);
        }
        let long = "x".repeat(100);
        assert_eq!(copy_name(&long, &HashSet::new()).chars().count(), 100);
    }
}
