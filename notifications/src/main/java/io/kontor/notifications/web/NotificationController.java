package io.kontor.notifications.web;

import io.kontor.api.message.Validation;
import io.kontor.notifications.NotificationProcessor;
import io.kontor.notifications.rule.NotificationKind;
import io.kontor.notifications.store.Inbox;
import io.kontor.notifications.store.Notification;
import io.kontor.notifications.store.NumberedNotification;
import io.kontor.notifications.store.Preferences;
import io.kontor.notifications.store.StaffVisits;
import io.kontor.query.support.QueryParameters;
import io.kontor.query.support.ReadGateway;
import io.kontor.query.support.RequestRecords;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.openapi.Answers;
import io.kontor.web.paging.Cursor;
import io.kontor.web.paging.Page;
import io.kontor.web.paging.PageLimit;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.request.Digits;
import io.kontor.web.request.IdempotencyKeyFormat;
import io.kontor.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The caller's own notifications. */
@RestController
@RequestMapping("/v1/notifications")
@Tag(name = "Notifications")
class NotificationController {
  private final ReadGateway gateway;
  private final Inbox inbox;
  private final StaffVisits visits;
  private final RequestRecords records;

  NotificationController(
      ReadGateway gateway, Inbox inbox, StaffVisits visits, RequestRecords records) {
    this.gateway = gateway;
    this.inbox = inbox;
    this.visits = visits;
    this.records = records;
  }

  /**
   * @param unread 1,000 at most
   */
  @Schema(name = "UnreadNotifications")
  record Unread(long unread) {}

  /**
   * What a user wants to be notified of, and how. Kinds that are in neither list are listed, and
   * sent over streams.
   *
   * @param muted the kinds that the user does not want
   * @param listOnly the kinds that the user wants in the list, but not over streams; null for none
   */
  @Schema(
      name = "NotificationPreferences",
      example =
          """
          {"muted":["MONEY_OUT"],"listOnly":["ORDER_SHIPPED"]}
          """)
  record WantedNotifications(
      List<NotificationKind> muted, @Nullable List<NotificationKind> listOnly) {
    WantedNotifications {
      muted = checked("muted", muted);
      listOnly = checked("listOnly", listOnly == null ? List.of() : listOnly);
      for (NotificationKind kind : listOnly) {
        Validation.that(!muted.contains(kind), "listOnly: %s is muted".formatted(kind));
      }
    }

    private static List<NotificationKind> checked(String name, List<NotificationKind> kinds) {
      int most = NotificationKind.values().length;
      Validation.that(
          kinds.size() <= most, "%s: must have at most %d entries".formatted(name, most));
      return List.copyOf(kinds);
    }

    static WantedNotifications of(Preferences stored) {
      return new WantedNotifications(stored.muted(), stored.listOnly());
    }

    Preferences stored() {
      return new Preferences(muted, listOnly == null ? List.of() : listOnly);
    }
  }

  @GetMapping
  @Operation(
      operationId = "listNotifications",
      summary = "The caller's notifications, newest first")
  Page<Notification> list(
      @RequestParam(required = false) @Nullable Boolean unread,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    int shown = PageLimit.of(limit);
    Long before = Cursor.decode(cursor, Digits::parse);
    gateway.awaitProcessor(minPosition, NotificationProcessor.PROCESSOR);
    return QueryParameters.page(
            inbox.list(user(), unread, before, shown + 1),
            shown,
            last -> Long.toString(last.number()))
        .map(NumberedNotification::notification);
  }

  @GetMapping("/unread-count")
  @Operation(
      operationId = "countUnreadNotifications",
      summary = "How many of the caller's notifications are not read, 1,000 at most")
  Unread unread(
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.awaitProcessor(minPosition, NotificationProcessor.PROCESSOR);
    return new Unread(inbox.unread(user()));
  }

  @PostMapping("/{id}/read")
  @Operation(operationId = "markNotificationRead", summary = "Mark a notification as read")
  @Answers(HttpStatus.NO_CONTENT)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void read(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    if (!records.isReplayed(http, null, response) && !inbox.read(user(), id)) {
      throw ProblemException.notFound("there is no such notification");
    }
  }

  @PostMapping("/read-all")
  @Operation(
      operationId = "markAllNotificationsRead",
      summary = "Mark all of the caller's notifications as read")
  @Answers(HttpStatus.NO_CONTENT)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void readAll(
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    if (!records.isReplayed(http, null, response)) {
      inbox.readAll(user());
    }
  }

  @GetMapping("/preferences")
  @Operation(
      operationId = "getNotificationPreferences",
      summary = "Which notifications the caller wants, and how")
  WantedNotifications preferences(
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.awaitProcessor(minPosition, NotificationProcessor.PROCESSOR);
    return WantedNotifications.of(inbox.preferences(user()));
  }

  @PutMapping("/preferences")
  @Operation(
      operationId = "setNotificationPreferences",
      summary = "Set which notifications the caller wants, and how",
      description =
          "From the next event on; what is there stays. Kinds in `muted` are not made, those in"
              + " `listOnly` are not sent over streams, all others are both listed and sent.")
  @Answers(HttpStatus.NO_CONTENT)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void setPreferences(
      @RequestBody WantedNotifications body,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    if (!records.isReplayed(http, body, response)) {
      inbox.prefer(user(), body.stored());
    }
  }

  private String user() {
    Caller caller = Caller.current();
    visits.note(caller);
    return caller.subject();
  }
}
