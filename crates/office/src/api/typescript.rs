//! The TypeScript of every type in [`super::dto`], in one file, so that screen and Rust cannot disagree.

use passerelle_domain::appointment::Status;
use ts_rs::{Config, TS};

use super::dto;

/// The names of the domain that the views use, as TypeScript unions.
const DOMAIN: &str = r#"export type Channel = "chat" | "mail" | "phone" | "walk_in";
export type ClientCategory =
  "middle_school" | "high_school" | "student" | "apprentice" | "adult" | "out_of_school" | "dropout" | "allophone";
export type ClientField =
  | "family_name" | "given_name" | "birth_date" | "category" | "class_level" | "school" | "postal_code" | "phone" | "mail";
export type FieldError = { field: string; code: string };
export type Relation = "self" | "mother" | "father" | "other";
export type Role = "receptionist" | "counsellor" | "director" | "academy_admin";
export type RoutingReason = "catchment" | "nearest" | "fallback" | "chosen";
"#;

/// The whole file.
#[must_use]
pub fn typescript() -> String {
    let status: Vec<String> = Status::ALL.iter().map(|s| format!("\"{}\"", s.key())).collect();
    let mut out = String::from(
        "// Generated from crates/office/src/api/dto; see the test `the_types_of_the_screen_are_current`.\n\n",
    );
    out.push_str(DOMAIN);
    out.push_str(super::typescript_settings::SETTINGS);
    out.push_str(&format!("export type Status = {};\n", status.join(" | ")));
    let names: Vec<String> = super::COMMANDS.iter().map(|c| format!("  | \"{}\"", c.name)).collect();
    out.push_str(&format!("export type CommandName =\n{};\n", names.join("\n")));
    let config = Config::default();
    for decl in [
        dto::SessionView::decl(&config),
        dto::SessionState::decl(&config),
        dto::OfficeView::decl(&config),
        dto::KindView::decl(&config),
        dto::SiteView::decl(&config),
        dto::RoomView::decl(&config),
        dto::PersonView::decl(&config),
        dto::StatusView::decl(&config),
        dto::ReadingView::decl(&config),
        dto::GoneView::decl(&config),
        dto::OutboxItem::decl(&config),
        dto::LeasesView::decl(&config),
        dto::LeaseView::decl(&config),
        dto::QuarantineView::decl(&config),
        dto::QuarantineItem::decl(&config),
        dto::QuarantineDone::decl(&config),
        dto::EnquiryFilter::decl(&config),
        dto::EnquiryList::decl(&config),
        dto::EnquiryRow::decl(&config),
        dto::PersonRef::decl(&config),
        dto::EnquiryView::decl(&config),
        dto::MessageView::decl(&config),
        dto::CentreView::decl(&config),
        dto::SlotView::decl(&config),
        dto::SeatsView::decl(&config),
        dto::DayView::decl(&config),
        dto::DayColumn::decl(&config),
        dto::OpenStretch::decl(&config),
        dto::AbsenceStretch::decl(&config),
        dto::AppointmentView::decl(&config),
        dto::Standing::decl(&config),
        dto::ClientRef::decl(&config),
        dto::CompanionView::decl(&config),
        dto::HistoryView::decl(&config),
        dto::WaitingView::decl(&config),
        dto::MissingView::decl(&config),
        dto::DayTodo::decl(&config),
        dto::WeekView::decl(&config),
        dto::WeekDay::decl(&config),
        dto::LoadView::decl(&config),
        dto::LoadDay::decl(&config),
        dto::LoadPerson::decl(&config),
        dto::LoadHalf::decl(&config),
        dto::NextQuery::decl(&config),
        dto::NextSlots::decl(&config),
        dto::BookingDraft::decl(&config),
        dto::CheckView::decl(&config),
        dto::WarningView::decl(&config),
        dto::RefusalView::decl(&config),
        dto::Done::decl(&config),
        dto::MoveDraft::decl(&config),
        dto::UndoItem::decl(&config),
        dto::ClientDraft::decl(&config),
        dto::GuardianDraft::decl(&config),
        dto::ClientView::decl(&config),
        dto::GuardianView::decl(&config),
        dto::AlsoKnownView::decl(&config),
        dto::ClientComparison::decl(&config),
        dto::ClientMatch::decl(&config),
        dto::ContactView::decl(&config),
        dto::ConflictView::decl(&config),
        dto::ConflictSide::decl(&config),
        dto::ConflictChoice::decl(&config),
        dto::SlotChoice::decl(&config),
        dto::PaletteItem::decl(&config),
        dto::CalendarRequest::decl(&config),
        dto::CalendarFile::decl(&config),
        dto::SettingsView::decl(&config),
        dto::SettingsUsage::decl(&config),
        dto::SettingsChanges::decl(&config),
        dto::SettingsPreview::decl(&config),
        dto::NextDates::decl(&config),
        dto::OccurrenceView::decl(&config),
        dto::BlockView::decl(&config),
        dto::HitView::decl(&config),
        dto::Replan::decl(&config),
        dto::ReplanDecision::decl(&config),
        dto::OccurrenceDraft::decl(&config),
        dto::OccurrenceTarget::decl(&config),
        dto::OccurrencePlan::decl(&config),
        dto::OccurrencesView::decl(&config),
        dto::DayNote::decl(&config),
        dto::HolidaysView::decl(&config),
        dto::PublicHolidayView::decl(&config),
        dto::SchoolHolidayView::decl(&config),
        dto::DaySheetRequest::decl(&config),
        dto::PrintRequest::decl(&config),
        dto::PrintedFile::decl(&config),
        dto::WrittenFolder::decl(&config),
        dto::FolderRequest::decl(&config),
        dto::FolderShown::decl(&config),
        dto::WaitingEntryView::decl(&config),
        dto::CallView::decl(&config),
        dto::WaitingQuery::decl(&config),
        dto::WaitingListView::decl(&config),
        dto::FreedList::decl(&config),
        dto::FreedPlaceView::decl(&config),
        dto::PlaceQuery::decl(&config),
        dto::CallList::decl(&config),
        dto::CallLine::decl(&config),
        dto::WaitingDraft::decl(&config),
        dto::WalkInView::decl(&config),
        dto::ArrivalView::decl(&config),
        dto::NearestQuery::decl(&config),
        dto::NearestView::decl(&config),
        dto::CatalogueQuery::decl(&config),
        dto::CatalogueAnswer::decl(&config),
        dto::CatalogueGroup::decl(&config),
        dto::CatalogueHit::decl(&config),
        dto::TextPiece::decl(&config),
        dto::CatalogueReason::decl(&config),
        dto::CatalogueFacet::decl(&config),
        dto::CatalogueCount::decl(&config),
        dto::CatalogueRequest::decl(&config),
        dto::OpenPageRequest::decl(&config),
        dto::PageOpened::decl(&config),
        dto::CatalogueRecord::decl(&config),
        dto::CatalogueFact::decl(&config),
        dto::CatalogueText::decl(&config),
        dto::CatalogueBlock::decl(&config),
        dto::CatalogueLink::decl(&config),
        dto::CataloguePlace::decl(&config),
        dto::CatalogueOpenDay::decl(&config),
        dto::CatalogueSource::decl(&config),
        dto::PinTo::decl(&config),
        dto::PinRequest::decl(&config),
        dto::UnpinRequest::decl(&config),
        dto::PinsRequest::decl(&config),
        dto::Pins::decl(&config),
        dto::Pin::decl(&config),
        dto::PinPlacesQuery::decl(&config),
        dto::PinPlace::decl(&config),
        dto::CatalogueStatus::decl(&config),
        dto::CatalogueImport::decl(&config),
        dto::CatalogueImported::decl(&config),
        dto::CatalogueReject::decl(&config),
        dto::CatalogueImportRequest::decl(&config),
        dto::SuggestRequest::decl(&config),
        dto::ChooseRequest::decl(&config),
        dto::ChosenFiles::decl(&config),
        dto::ApiError::decl(&config),
    ] {
        out.push_str("export ");
        out.push_str(&decl);
        out.push('\n');
    }
    out
}
