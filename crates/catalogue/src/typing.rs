//! Checks a condition's types when the catalogue is loaded, so that it cannot go wrong at the counter.
//!
//! The language library evaluates but does not check; this walk over its syntax tree does. It also refuses comprehensions
//! (which keeps every condition bounded) and literals that no option, matter or applicant kind has. Absent on purpose: maps,
//! structures, floating point.

use std::collections::BTreeMap;

use cel::Program;
use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SelectExpr, operators};
use onewindow_case::text::Bilingual;

use crate::expression::{Expression, FUNCTIONS, FunctionArgument, References};

/// What conditions in one place of a bundle may look at.
#[derive(Debug, Clone, Default)]
pub(crate) struct TypeScope {
    /// Questions and what their answers are.
    pub answers: BTreeMap<String, Kind>,
    /// Questions that are asked only later.
    pub later_answers: Vec<String>,
    /// Fields and what their values are; `None` where fields may not be looked at.
    pub fields: Option<BTreeMap<String, Kind>>,
    /// Matters of the bundle; `None` where they may not be looked at.
    pub matters: Option<Vec<String>>,
}

/// The kind of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Yes or no.
    Bool,
    /// Whole number.
    Integer,
    /// Text; when it is one of fixed words, those words.
    Text(Option<Vec<String>>),
    /// A list of one kind.
    List(Box<Kind>),
}

/// Why a condition is not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TypeFault {
    pub code: &'static str,
    pub what: Bilingual,
    pub mend: Bilingual,
}

/// Compiles a condition and checks that it yields `expected`.
pub(crate) fn compile(source: &str, scope: &TypeScope, expected: &Kind) -> Result<Expression, TypeFault> {
    if source.len() > Expression::SOURCE_MAX {
        return Err(fault(
            "expression.too-long",
            "条件过长",
            "the condition is too long",
            "拆成两条",
            "split it in two",
        ));
    }
    let program = Program::compile(source).map_err(|error| {
        let message = error.to_string().lines().next().unwrap_or_default().to_owned();
        TypeFault {
            code: "expression.syntax",
            what: Bilingual::new(format!("条件写法有误：{message}"), format!("the condition cannot be read: {message}")),
            mend: Bilingual::new("按 CEL 语法改写", "write it in the syntax of CEL"),
        }
    })?;
    let mut walk = Walk {
        scope,
        references: References::default(),
    };
    let kind = walk.kind(program.expression())?;
    if !alike(&kind, expected) {
        return Err(TypeFault {
            code: "expression.type",
            what: Bilingual::new(
                format!("条件结果是{}，应为{}", name(&kind).zh, name(expected).zh),
                format!("the condition yields {}, not {}", name(&kind).en, name(expected).en),
            ),
            mend: Bilingual::new("改成比较式", "make it a comparison"),
        });
    }
    let references = walk.references;
    Ok(Expression::new(source, program, references))
}

struct Walk<'a> {
    scope: &'a TypeScope,
    references: References,
}

type Checked = Result<Kind, TypeFault>;

impl Walk<'_> {
    fn kind(&mut self, node: &IdedExpr) -> Checked {
        match &node.expr {
            Expr::Literal(literal) => literal_kind(literal),
            Expr::Ident(name) => self.variable(name),
            Expr::Select(select) => self.member(select),
            Expr::Call(call) => self.call(call),
            Expr::List(list) => {
                let mut kinds = Vec::new();
                for element in &list.elements {
                    kinds.push(self.kind(element)?);
                }
                let first = kinds.first().cloned().unwrap_or(Kind::Text(None));
                match kinds.iter().find(|kind| !alike(kind, &first)) {
                    None => Ok(Kind::List(Box::new(plain(first)))),
                    Some(other) => Err(mismatch(&first, other)),
                }
            }
            Expr::Comprehension(_) => Err(fault(
                "expression.loop",
                "条件里不能用循环(all、exists、map、filter)",
                "a condition must not loop (all, exists, map, filter)",
                "用 in、size 或 sum",
                "use in, size or sum",
            )),
            Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => Err(fault(
                "expression.form",
                "条件里不能写映射或结构",
                "maps and structures are not allowed",
                "只用比较和函数",
                "use comparisons and functions only",
            )),
        }
    }

    fn variable(&mut self, name: &str) -> Checked {
        match name {
            "today" => Ok(Kind::Text(None)),
            "matters" => match &self.scope.matters {
                Some(matters) => Ok(Kind::List(Box::new(Kind::Text(Some(matters.clone()))))),
                None => Err(fault(
                    "expression.matters-not-here",
                    "此处不能看事项",
                    "matters cannot be looked at here",
                    "改看问题的答案",
                    "look at answers instead",
                )),
            },
            _ => Err(TypeFault {
                code: "expression.unknown-name",
                what: Bilingual::new(format!("不认识“{name}”"), format!("`{name}` is not known")),
                mend: Bilingual::new(
                    "只能用 answers、fields、lists、applicant、matters、today",
                    "use answers, fields, lists, applicant, matters or today",
                ),
            }),
        }
    }

    fn member(&mut self, select: &SelectExpr) -> Checked {
        let Expr::Ident(root) = &select.operand.expr else {
            return Err(fault(
                "expression.form",
                "只能写一层，如 answers.问题",
                "only one level is allowed, such as answers.question",
                "去掉多余的层",
                "remove the extra level",
            ));
        };
        let kind = match root.as_str() {
            "answers" => self.answer(&select.field)?,
            "fields" => self.field(&select.field)?,
            "lists" => Kind::List(Box::new(self.field(&select.field)?)),
            "applicant" => applicant(&select.field)?,
            other => return self.variable(other),
        };
        Ok(if select.test { Kind::Bool } else { kind })
    }

    fn answer(&mut self, id: &str) -> Checked {
        if let Some(kind) = self.scope.answers.get(id) {
            self.references.answers.insert(id.to_owned());
            return Ok(kind.clone());
        }
        if self.scope.later_answers.iter().any(|later| later == id) {
            return Err(TypeFault {
                code: "expression.question-later",
                what: Bilingual::new(format!("问题“{id}”问得更晚"), format!("question `{id}` is asked only later")),
                mend: Bilingual::new("把它移到前面，或改看前面的问题", "move it up, or look at an earlier question"),
            });
        }
        Err(TypeFault {
            code: "expression.unknown-question",
            what: Bilingual::new(format!("没有问题“{id}”"), format!("there is no question `{id}`")),
            mend: near(id, self.scope.answers.keys()),
        })
    }

    fn field(&mut self, key: &str) -> Checked {
        let Some(fields) = &self.scope.fields else {
            return Err(fault(
                "expression.fields-not-here",
                "此处不能看表单",
                "form fields cannot be looked at here",
                "改看问题的答案",
                "look at answers instead",
            ));
        };
        match fields.get(key) {
            Some(kind) => {
                self.references.fields.insert(key.to_owned());
                Ok(kind.clone())
            }
            None => Err(TypeFault {
                code: "expression.unknown-field",
                what: Bilingual::new(format!("没有表单项“{key}”"), format!("there is no field `{key}`")),
                mend: near(key, fields.keys()),
            }),
        }
    }

    fn call(&mut self, call: &CallExpr) -> Checked {
        if let Some(target) = &call.target {
            return self.text_method(call, target);
        }
        let mut kinds = Vec::with_capacity(call.args.len());
        for argument in &call.args {
            kinds.push(self.kind(argument)?);
        }
        match (call.func_name.as_str(), kinds.as_slice()) {
            (operators::LOGICAL_AND | operators::LOGICAL_OR, [Kind::Bool, Kind::Bool]) | (operators::LOGICAL_NOT, [Kind::Bool]) => Ok(Kind::Bool),
            (operators::EQUALS | operators::NOT_EQUALS, [a, b]) if alike(a, b) => self.words(call, a, b),
            (operators::IN, [item, Kind::List(of)]) if alike(item, of) => self.words(call, item, of),
            (
                operators::LESS | operators::LESS_EQUALS | operators::GREATER | operators::GREATER_EQUALS,
                [Kind::Integer, Kind::Integer] | [Kind::Text(_), Kind::Text(_)],
            ) => Ok(Kind::Bool),
            (operators::ADD | operators::SUBSTRACT | operators::MULTIPLY | operators::DIVIDE | operators::MODULO, [Kind::Integer, Kind::Integer]) => {
                Ok(Kind::Integer)
            }
            (operators::ADD, [Kind::Text(_), Kind::Text(_)]) => Ok(Kind::Text(None)),
            (operators::NEGATE, [Kind::Integer]) | ("size", [Kind::Text(_) | Kind::List(_)]) | ("int", [Kind::Text(_) | Kind::Integer]) => Ok(Kind::Integer),
            (operators::CONDITIONAL, [Kind::Bool, a, b]) if alike(a, b) => Ok(plain(a.clone())),
            (name, kinds) => function(name, kinds),
        }
    }

    fn text_method(&mut self, call: &CallExpr, target: &IdedExpr) -> Checked {
        let target = self.kind(target)?;
        let mut kinds = Vec::new();
        for argument in &call.args {
            kinds.push(self.kind(argument)?);
        }
        match (call.func_name.as_str(), &target, kinds.as_slice()) {
            ("startsWith" | "endsWith" | "contains", Kind::Text(_), [Kind::Text(_)]) => Ok(Kind::Bool),
            ("size", Kind::Text(_) | Kind::List(_), []) => Ok(Kind::Integer),
            (name, ..) => function(name, &kinds),
        }
    }

    /// A literal compared with fixed words must be one of them.
    fn words(&mut self, call: &CallExpr, a: &Kind, b: &Kind) -> Checked {
        let words = match (a, b) {
            (Kind::Text(Some(words)), _) | (_, Kind::Text(Some(words))) => words.clone(),
            (Kind::Bool | Kind::Integer | Kind::Text(None) | Kind::List(_), _) => return Ok(Kind::Bool),
        };
        let about_matters = call
            .args
            .iter()
            .any(|argument| matches!(&argument.expr, Expr::Ident(name) if name == "matters"));
        for literal in call.args.iter().flat_map(text_literals) {
            if !words.contains(&literal) {
                return Err(TypeFault {
                    code: if about_matters {
                        "expression.unknown-matter"
                    } else {
                        "expression.unknown-option"
                    },
                    what: Bilingual::new(format!("没有“{literal}”这一项"), format!("`{literal}` is not one of the options")),
                    mend: near(&literal, words.iter()),
                });
            }
            if about_matters {
                self.references.matters.insert(literal);
            }
        }
        Ok(Kind::Bool)
    }
}

fn text_literals(node: &IdedExpr) -> Vec<String> {
    match &node.expr {
        Expr::Literal(LiteralValue::String(text)) => vec![text.inner().to_owned()],
        Expr::List(list) => list.elements.iter().flat_map(text_literals).collect(),
        Expr::Literal(_) | Expr::Unspecified | Expr::Call(_) | Expr::Comprehension(_) | Expr::Ident(_) | Expr::Map(_) | Expr::Select(_) | Expr::Struct(_) => {
            Vec::new()
        }
    }
}

fn literal_kind(literal: &LiteralValue) -> Checked {
    match literal {
        LiteralValue::Boolean(_) => Ok(Kind::Bool),
        LiteralValue::Int(_) => Ok(Kind::Integer),
        LiteralValue::String(_) => Ok(Kind::Text(None)),
        LiteralValue::Bytes(_) | LiteralValue::Double(_) | LiteralValue::Null | LiteralValue::UInt(_) => Err(fault(
            "expression.literal",
            "只能写整数、文字、true、false",
            "only whole numbers, text, true and false are allowed",
            "改成整数(金额以分计)",
            "use whole numbers (amounts in fen)",
        )),
    }
}

fn applicant(member: &str) -> Checked {
    match member {
        "kind" => Ok(Kind::Text(Some(["person", "organisation"].map(str::to_owned).to_vec()))),
        "name" | "id_number" => Ok(Kind::Text(None)),
        "has_agent" => Ok(Kind::Bool),
        _ => Err(fault(
            "expression.unknown-name",
            "申请人没有这一项",
            "the applicant has no such value",
            "用 kind、name、id_number、has_agent",
            "use kind, name, id_number or has_agent",
        )),
    }
}

fn function(name: &str, kinds: &[Kind]) -> Checked {
    let Some((_, arguments, result)) = FUNCTIONS.iter().find(|(known, ..)| *known == name) else {
        return Err(TypeFault {
            code: "expression.type",
            what: Bilingual::new(format!("“{name}”不能用在这样的值上"), format!("`{name}` does not work on these values")),
            mend: Bilingual::new(
                "两边须同类，函数名须在说明书里",
                "both sides must be of one kind and the function must be in the manual",
            ),
        });
    };
    let fits = arguments.len() == kinds.len() && arguments.iter().zip(kinds).all(|(argument, kind)| alike(&argument_kind(*argument), kind));
    if fits {
        return Ok(argument_kind(*result));
    }
    Err(TypeFault {
        code: "expression.type",
        what: Bilingual::new(format!("{name} 的参数不对"), format!("wrong arguments for {name}")),
        mend: Bilingual::new(format!("应为 {arguments:?}"), format!("expected {arguments:?}")),
    })
}

fn argument_kind(argument: FunctionArgument) -> Kind {
    match argument {
        FunctionArgument::Text => Kind::Text(None),
        FunctionArgument::Integer => Kind::Integer,
        FunctionArgument::Bool => Kind::Bool,
        FunctionArgument::IntegerList => Kind::List(Box::new(Kind::Integer)),
    }
}

/// Same kind, whatever the words of a text.
fn alike(a: &Kind, b: &Kind) -> bool {
    match (a, b) {
        (Kind::Bool, Kind::Bool) | (Kind::Integer, Kind::Integer) | (Kind::Text(_), Kind::Text(_)) => true,
        (Kind::List(a), Kind::List(b)) => alike(a, b),
        (Kind::Bool | Kind::Integer | Kind::Text(_) | Kind::List(_), _) => false,
    }
}

fn plain(kind: Kind) -> Kind {
    match kind {
        Kind::Text(_) => Kind::Text(None),
        Kind::List(of) => Kind::List(Box::new(plain(*of))),
        Kind::Bool => Kind::Bool,
        Kind::Integer => Kind::Integer,
    }
}

fn name(kind: &Kind) -> Bilingual {
    match kind {
        Kind::Bool => Bilingual::new("是非", "true or false"),
        Kind::Integer => Bilingual::new("整数", "a whole number"),
        Kind::Text(_) => Bilingual::new("文字", "text"),
        Kind::List(_) => Bilingual::new("列表", "a list"),
    }
}

fn mismatch(a: &Kind, b: &Kind) -> TypeFault {
    TypeFault {
        code: "expression.type",
        what: Bilingual::new(
            format!("{}和{}不能放在一起", name(a).zh, name(b).zh),
            format!("{} and {} do not go together", name(a).en, name(b).en),
        ),
        mend: Bilingual::new("改成同类的值", "make them of one kind"),
    }
}

fn fault(code: &'static str, what_zh: &str, what_en: &str, mend_zh: &str, mend_en: &str) -> TypeFault {
    TypeFault {
        code,
        what: Bilingual::new(what_zh, what_en),
        mend: Bilingual::new(mend_zh, mend_en),
    }
}

/// Names the known words, the likeliest first.
pub(crate) fn near<'a>(wrong: &str, known: impl Iterator<Item = &'a String>) -> Bilingual {
    let mut known: Vec<&str> = known.map(String::as_str).collect();
    known.sort_by_key(|word| crate::distance::edit_distance(wrong, word));
    known.truncate(4);
    let list = known.join(", ");
    if list.is_empty() {
        return Bilingual::new("这里还没有可用的名称", "nothing is defined here yet");
    }
    Bilingual::new(format!("改成其中之一：{list}"), format!("use one of: {list}"))
}
