//! The contract as an OpenAPI document, made from the endpoints themselves.

use onewindow_wire::{COUNTER_HEADER, Problem, allotment, branch, counter, department, enrolment, entries, feed, licence};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::endpoint;

/// The contract.
#[derive(OpenApi)]
#[openapi(
    info(title = "One Window, central service", version = "1"),
    paths(
        endpoint::public::health,
        endpoint::public::enrol,
        endpoint::public::keys,
        endpoint::public::verify,
        endpoint::public::contract,
        endpoint::verify_page::show,
        endpoint::allotment::give,
        endpoint::entries::receive,
        endpoint::counter::keys,
        endpoint::counter::epoch,
        endpoint::counter::packet,
        endpoint::pages::missing,
        endpoint::pages::give,
        endpoint::pages::ask,
        endpoint::pages::receive,
        endpoint::feed::listen,
        endpoint::branch::queue,
        endpoint::branch::case,
        endpoint::branch::roster,
        endpoint::departments::work,
        endpoint::departments::decide,
    ),
    components(schemas(
        onewindow_wire::Health,
        Problem,
        enrolment::EnrolRequest,
        enrolment::EnrolReply,
        enrolment::Roster,
        enrolment::StaffRecord,
        allotment::AllotmentRequest,
        allotment::Allotment,
        allotment::NumberBlock,
        entries::EntriesBatch,
        entries::EntryBytes,
        entries::EntriesReceipt,
        entries::SignedCommit,
        counter::CounterKeysRequest,
        counter::CounterKeysReply,
        counter::DeviceWord,
        counter::EpochReply,
        counter::PacketReceipt,
        entries::Rejection,
        entries::PagesAsked,
        entries::PagesMissing,
        entries::PageReceipt,
        feed::Feed,
        feed::FeedItem,
        feed::CentreWord,
        feed::ContentLine,
        licence::KeyList,
        licence::PublicKey,
        licence::VerifyRequest,
        licence::VerifyReply,
        branch::BranchQueue,
        branch::BranchCounter,
        branch::BranchLine,
        branch::BranchCase,
        department::WorkItem,
        department::WorkPage,
        department::DecisionRequest,
        department::Decision,
        department::DecisionReply,
    )),
    modifiers(&Secrets)
)]
struct Contract;

struct Secrets;

impl Modify for Secrets {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        components.add_security_scheme("token", bearer);
        components.add_security_scheme("counter", SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new(COUNTER_HEADER))));
    }
}

/// The contract as a document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Contract::openapi()
}

#[cfg(test)]
mod tests {
    use onewindow_wire::path;

    #[test]
    fn every_path_of_the_contract_is_in_the_document() {
        let document = super::openapi();
        let paths = [
            path::HEALTH,
            path::ENROL,
            path::ALLOTMENT,
            path::ENTRIES,
            path::COUNTER_KEYS,
            path::COUNTER_EPOCH,
            path::PACKETS,
            path::PAGES_MISSING,
            path::PAGE,
            path::FEED,
            path::BRANCH,
            path::BRANCH_CASE,
            path::ROSTER,
            path::WORK,
            path::DECISION,
            path::KEYS,
            path::VERIFY,
            path::VERIFY_PAGE,
            path::OPENAPI,
        ];
        for path in paths {
            assert!(document.paths.paths.contains_key(path), "{path} is missing");
        }
        assert_eq!(document.paths.paths.len(), paths.len(), "and nothing else is");
    }
}
