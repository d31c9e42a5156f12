//! Conditions: the Common Expression Language without loops, over what is known of a case.
//!
//! A condition sees `answers`, `fields`, `lists` (all repetitions of a field), `applicant`, `matters` and `today`. Whatever is
//! not known yet makes it [`Truth::Unknown`], never an error: `false && unknown` is false, `true || unknown` is true, the rest
//! is unknown. Comprehensions are not allowed, so every condition ends after one walk over its own text.
//!
//! Absent on purpose: the clock (`today` is given), regular expressions, and any function with an effect.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, LazyLock};

use cel::common::ast::{Expr, LiteralValue, operators};
use cel::objects::Value;
use cel::{Context, Env, ExecutionError, Program};
use time::Date;

use crate::dates::{full_years, parse_date, plus_days, plus_months, written};
use crate::names::{han_count, is_chinese_name, same_name, surname_of};

/// A compiled and type-checked condition.
#[derive(Clone)]
pub struct Expression {
    source: String,
    program: Arc<Program>,
    references: References,
}

/// What a condition looks at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct References {
    /// Questions.
    pub answers: BTreeSet<String>,
    /// Form fields, single or as lists.
    pub fields: BTreeSet<String>,
    /// Matters named as text before `in matters`.
    pub matters: BTreeSet<String>,
}

impl Expression {
    /// Longest text of a condition, in bytes.
    pub const SOURCE_MAX: usize = 1_000;

    pub(crate) fn new(source: &str, program: Program, references: References) -> Self {
        Self {
            source: source.to_owned(),
            program: Arc::new(program),
            references,
        }
    }

    /// The text as written in the catalogue.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What it looks at.
    pub fn references(&self) -> &References {
        &self.references
    }

    /// Whether it holds, as far as that is known.
    pub fn truth(&self, scope: &Scope<'_>) -> Truth {
        match self.program.execute(&scope.context) {
            Ok(Value::Bool(true)) => Truth::Yes,
            Ok(Value::Bool(false)) => Truth::No,
            Ok(_) | Err(_) => Truth::Unknown,
        }
    }

    /// Its whole number, if it has one and that is known.
    pub fn number(&self, scope: &Scope<'_>) -> Option<i64> {
        match self.program.execute(&scope.context) {
            Ok(Value::Int(number)) => Some(number),
            Ok(_) | Err(_) => None,
        }
    }
}

impl Expression {
    /// Texts that it may yield, as far as they are written in it: the ends of its conditionals.
    pub(crate) fn results(&self) -> Vec<String> {
        let mut results = Vec::new();
        let mut open = vec![self.program.expression()];
        while let Some(node) = open.pop() {
            match &node.expr {
                Expr::Call(call) if call.func_name == operators::CONDITIONAL => open.extend(call.args.iter().skip(1)),
                Expr::Literal(LiteralValue::String(text)) => results.push(text.inner().to_owned()),
                Expr::Call(_)
                | Expr::Literal(_)
                | Expr::Unspecified
                | Expr::Comprehension(_)
                | Expr::Ident(_)
                | Expr::List(_)
                | Expr::Map(_)
                | Expr::Select(_)
                | Expr::Struct(_) => {}
            }
        }
        results
    }

    /// Its text, or its whole number as text, if it has one and that is known.
    pub fn text(&self, scope: &Scope<'_>) -> Option<String> {
        match self.program.execute(&scope.context) {
            Ok(Value::String(text)) => Some(text.to_string()),
            Ok(Value::Int(number)) => Some(number.to_string()),
            Ok(_) | Err(_) => None,
        }
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expression({})", self.source)
    }
}

/// Whether a condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// Something it looks at is not known yet.
    Unknown,
}

impl Truth {
    /// True only when it certainly holds.
    pub fn holds(self) -> bool {
        self == Self::Yes
    }
}

/// Whether an optional condition holds; one that is absent always does.
pub fn holds(condition: Option<&Expression>, scope: &Scope<'_>) -> bool {
    condition.is_none_or(|condition| condition.truth(scope).holds())
}

/// One known value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// Text, also dates.
    Text(String),
    /// A whole number, also fen.
    Integer(i64),
    /// Yes or no.
    Bool(bool),
    /// Several values.
    List(Vec<Fact>),
}

impl From<&Fact> for Value {
    fn from(fact: &Fact) -> Self {
        match fact {
            Fact::Text(text) => Value::from(text.as_str()),
            Fact::Integer(number) => Value::Int(*number),
            Fact::Bool(yes) => Value::Bool(*yes),
            Fact::List(items) => Value::List(Arc::new(items.iter().map(Value::from).collect())),
        }
    }
}

/// Values by name.
pub type Facts = BTreeMap<String, Fact>;

/// Everything a condition may look at.
pub struct Scope<'p> {
    context: Context<'p, 'static>,
}

impl Scope<'static> {
    /// An empty scope: every condition over it is unknown.
    pub fn new() -> Self {
        let mut context = Context::with_env(Arc::clone(&ENVIRONMENT));
        add_functions(&mut context);
        Self { context }
    }
}

impl Default for Scope<'static> {
    fn default() -> Self {
        Self::new()
    }
}

impl Scope<'_> {
    /// Sets the answers to guided questions.
    pub fn set_answers(&mut self, answers: &Facts) {
        self.set("answers", answers);
    }

    /// Sets the form's values.
    pub fn set_fields(&mut self, fields: &Facts) {
        self.set("fields", fields);
    }

    /// Sets all repetitions of the form's values.
    pub fn set_lists(&mut self, lists: &Facts) {
        self.set("lists", lists);
    }

    /// Sets what is known of the applicant: `kind` (`person` or `organisation`), `name`, `id_number`, `has_agent`.
    pub fn set_applicant(&mut self, applicant: &Facts) {
        self.set("applicant", applicant);
    }

    /// Sets the matters that belong to the case.
    pub fn set_matters<'a>(&mut self, matters: impl Iterator<Item = &'a str>) {
        let list: Vec<Value> = matters.map(Value::from).collect();
        self.context.add_variable_from_value("matters", Value::List(Arc::new(list)));
    }

    /// Sets the business date.
    pub fn set_today(&mut self, today: Date) {
        self.context.add_variable_from_value("today", Value::from(written(today).as_str()));
    }

    /// The same scope with other form values, for one repetition of a group.
    pub fn with_fields(&self, fields: &Facts) -> Scope<'_> {
        let mut scope = Scope {
            context: self.context.new_inner_scope(),
        };
        scope.set_fields(fields);
        scope
    }

    fn set(&mut self, name: &str, facts: &Facts) {
        let map: HashMap<String, Value> = facts.iter().map(|(key, fact)| (key.clone(), Value::from(fact))).collect();
        self.context.add_variable_from_value(name, map);
    }
}

static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// Functions a condition may call besides those of the language, with the kinds of their arguments and result; the type check reads this table.
pub(crate) const FUNCTIONS: &[(&str, &[FunctionArgument], FunctionArgument)] = {
    use FunctionArgument::{Bool, Integer, IntegerList, Text};
    &[
        ("days_between", &[Text, Text], Integer),
        ("full_years", &[Text, Text], Integer),
        ("plus_days", &[Text, Integer], Text),
        ("plus_months", &[Text, Integer], Text),
        ("day_of", &[Text], Text),
        ("month_index", &[Text], Integer),
        ("id_birth_date", &[Text], Text),
        ("id_sex", &[Text], Text),
        ("same_name", &[Text, Text], Bool),
        ("is_chinese_name", &[Text], Bool),
        ("surname_of", &[Text], Text),
        ("han_count", &[Text], Integer),
        ("sum", &[IntegerList], Integer),
    ]
};

/// Kind of an argument or result of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FunctionArgument {
    /// Text, also dates.
    Text,
    /// Whole number.
    Integer,
    /// Yes or no.
    Bool,
    /// Whole numbers.
    IntegerList,
}

type Outcome = Result<Value, ExecutionError>;

fn add_functions(context: &mut Context<'static, 'static>) {
    let added = [
        context.add_function("days_between", |from: Arc<String>, to: Arc<String>| -> Outcome {
            Ok(Value::Int((day("days_between", &to)? - day("days_between", &from)?).whole_days()))
        }),
        context.add_function("full_years", |from: Arc<String>, to: Arc<String>| -> Outcome {
            Ok(Value::Int(full_years(day("full_years", &from)?, day("full_years", &to)?)))
        }),
        context.add_function("plus_days", |from: Arc<String>, days: i64| -> Outcome {
            let date = plus_days(day("plus_days", &from)?, days);
            text_of("plus_days", date.map(written))
        }),
        context.add_function("plus_months", |from: Arc<String>, months: i64| -> Outcome {
            let date = plus_months(day("plus_months", &from)?, months);
            text_of("plus_months", date.map(written))
        }),
        context.add_function("day_of", |moment: Arc<String>| -> Outcome { Ok(Value::from(written(day("day_of", &moment)?))) }),
        context.add_function("month_index", |date: Arc<String>| -> Outcome {
            let date = day("month_index", &date)?;
            Ok(Value::Int(i64::from(date.year()) * 12 + i64::from(u8::from(date.month()))))
        }),
        context.add_function("id_birth_date", |id: Arc<String>| -> Outcome { text_of("id_birth_date", id_birth_date(&id)) }),
        context.add_function("id_sex", |id: Arc<String>| -> Outcome { text_of("id_sex", id_sex(&id).map(str::to_owned)) }),
        context.add_function("same_name", |a: Arc<String>, b: Arc<String>| same_name(&a, &b)),
        context.add_function("is_chinese_name", |name: Arc<String>| is_chinese_name(&name)),
        context.add_function("surname_of", |name: Arc<String>| surname_of(&name)),
        context.add_function("han_count", |text: Arc<String>| i64::try_from(han_count(&text)).unwrap_or(i64::MAX)),
        context.add_function("sum", |numbers: Arc<Vec<Value>>| -> Outcome { sum(&numbers) }),
    ];
    debug_assert!(added.iter().all(Result::is_ok), "no function of ours has a name of the language's own");
}

fn day(function: &str, text: &str) -> Result<Date, ExecutionError> {
    parse_date(text).ok_or_else(|| ExecutionError::function_error(function, "not a date"))
}

fn text_of(function: &str, text: Option<String>) -> Outcome {
    text.map(Value::from).ok_or_else(|| ExecutionError::function_error(function, "no value"))
}

fn sum(numbers: &[Value]) -> Outcome {
    let mut total = 0_i64;
    for number in numbers {
        let Value::Int(number) = number else {
            return Err(ExecutionError::function_error("sum", "not a whole number"));
        };
        total = total.checked_add(*number).ok_or_else(|| ExecutionError::function_error("sum", "too large"))?;
    }
    Ok(Value::Int(total))
}

/// Birth date inside a resident number of 18 characters; its check character is judged elsewhere.
pub(crate) fn id_birth_date(id: &str) -> Option<String> {
    let digits = id.get(6..14).filter(|part| id.len() == 18 && part.bytes().all(|b| b.is_ascii_digit()))?;
    let text = format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]);
    parse_date(&text).map(written)
}

/// `F` or `M` by the 17th digit of a resident number.
pub(crate) fn id_sex(id: &str) -> Option<&'static str> {
    let digit = *id.as_bytes().get(16).filter(|digit| id.len() == 18 && digit.is_ascii_digit())?;
    Some(if (digit - b'0').is_multiple_of(2) { "F" } else { "M" })
}
