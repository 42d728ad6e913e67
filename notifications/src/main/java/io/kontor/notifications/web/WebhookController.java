package io.kontor.notifications.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.api.message.Validation;
import io.kontor.notifications.NotificationProcessor;
import io.kontor.notifications.rule.NotificationKind;
import io.kontor.notifications.webhook.WebhookDelivery;
import io.kontor.notifications.webhook.WebhookDetails;
import io.kontor.notifications.webhook.WebhookRequests;
import io.kontor.notifications.webhook.WebhookRequests.Created;
import io.kontor.notifications.webhook.WebhookRequests.NumberedDelivery;
import io.kontor.notifications.webhook.WebhookRequests.Wanted;
import io.kontor.query.support.QueryParameters;
import io.kontor.query.support.ReadGateway;
import io.kontor.query.support.RequestRecords;
import io.kontor.tenancy.Uuids;
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
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
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

/** The tenant's webhooks, what was sent to them and what is to be sent. */
@RestController
@RequestMapping("/v1/webhooks")
@Tag(name = "Webhooks")
class WebhookController {
  private final ReadGateway gateway;
  private final WebhookRequests webhooks;
  private final RequestRecords records;

  WebhookController(ReadGateway gateway, WebhookRequests webhooks, RequestRecords records) {
    this.gateway = gateway;
    this.webhooks = webhooks;
    this.records = records;
  }

  /**
   * @param url begins with https:// and leads to the internet
   * @param kinds of notifications of all customers that it is sent
   * @param enabled false to switch it off; true if it is missing
   */
  @Schema(
      name = "WebhookRequest",
      example =
          """
          {"url":"https://partner.example/kontor","kinds":["PAYMENT_RETURNED"],
           "description":"returns to the back office"}
          """)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record WebhookBody(
      String url, List<NotificationKind> kinds, String description, @Nullable Boolean enabled) {
    WebhookBody {
      Validation.text("description", description);
      Validation.that(
          kinds.size() <= NotificationKind.values().length,
          "kinds: must have at most %d entries".formatted(NotificationKind.values().length));
      kinds = List.copyOf(kinds);
    }

    Wanted wanted() {
      return new Wanted(url, kinds, description, enabled == null || enabled);
    }
  }

  /** A webhook's secret, which is shown here only. */
  @Schema(name = "WebhookSecret")
  record Secret(UUID id, String secret) {}

  @PostMapping
  @Operation(
      operationId = "createWebhook",
      summary = "Have a system notified; the answer has its secret, which is shown once")
  @Answers(value = HttpStatus.CREATED, location = true)
  ResponseEntity<Secret> create(
      @RequestBody WebhookBody body,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    requireUrl(body);
    records.isReplayed(http, body, response);
    Created created = webhooks.create(body.wanted(), key, Caller.current().subject());
    return ResponseEntity.created(URI.create("/v1/webhooks/" + created.id()))
        .body(new Secret(created.id(), created.secret()));
  }

  @GetMapping
  @Operation(operationId = "listWebhooks", summary = "The webhooks, oldest first")
  Page<WebhookDetails> list(
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    int shown = PageLimit.of(limit);
    UUID after = Cursor.decode(cursor, Uuids::parse);
    gateway.awaitProcessor(minPosition, NotificationProcessor.PROCESSOR);
    return QueryParameters.page(
        webhooks.list(after, shown + 1), shown, webhook -> webhook.id().toString());
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getWebhook", summary = "A webhook, and why it was switched off")
  WebhookDetails get(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.awaitProcessor(minPosition, NotificationProcessor.PROCESSOR);
    return find(id);
  }

  @PutMapping("/{id}")
  @Operation(
      operationId = "changeWebhook",
      summary = "Change a webhook, and switch it on or off: once it is on, what waits is sent")
  @Answers(HttpStatus.NO_CONTENT)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void change(
      @PathVariable UUID id,
      @RequestBody WebhookBody body,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    requireUrl(body);
    if (!records.isReplayed(http, body, response)) {
      require(webhooks.change(id, body.wanted()));
    }
  }

  @DeleteMapping("/{id}")
  @Operation(
      operationId = "deleteWebhook",
      summary = "Delete a webhook, and what was to be sent to it")
  @Answers(HttpStatus.NO_CONTENT)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    if (!records.isReplayed(http, null, response)) {
      require(webhooks.delete(id));
    }
  }

  @PostMapping("/{id}/rotate-secret")
  @Operation(
      operationId = "rotateWebhookSecret",
      summary = "Give a webhook a new secret; the former one signs, too, for a day")
  Secret rotateSecret(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    find(id);
    if (!records.isReplayed(http, null, response)) {
      webhooks.rotateSecret(id);
    }
    return new Secret(id, webhooks.secret(id).orElseThrow(WebhookController::unknown));
  }

  @PostMapping("/{id}/test")
  @Operation(
      operationId = "testWebhook",
      summary = "Send a webhook a message of type TEST, after what waits for it")
  @Answers(HttpStatus.ACCEPTED)
  @ResponseStatus(HttpStatus.ACCEPTED)
  void test(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    if (!records.isReplayed(http, null, response)) {
      require(webhooks.test(id));
    }
  }

  @GetMapping("/{id}/deliveries")
  @Operation(
      operationId = "listWebhookDeliveries",
      summary = "What was or is to be sent to a webhook, newest first, with the last answers")
  Page<WebhookDelivery> deliveries(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    int shown = PageLimit.of(limit);
    Long before = Cursor.decode(cursor, Digits::parse);
    gateway.awaitProcessor(minPosition, NotificationProcessor.PROCESSOR);
    find(id);
    return QueryParameters.page(
            webhooks.deliveries(id, before, shown + 1), shown, last -> Long.toString(last.number()))
        .map(NumberedDelivery::delivery);
  }

  @PostMapping("/{id}/deliveries/{delivery}/redeliver")
  @Operation(operationId = "redeliverToWebhook", summary = "Send a webhook a message again")
  @Answers(HttpStatus.ACCEPTED)
  @ResponseStatus(HttpStatus.ACCEPTED)
  void redeliver(
      @PathVariable UUID id,
      @PathVariable UUID delivery,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    if (!records.isReplayed(http, null, response)) {
      require(webhooks.redeliver(id, delivery));
    }
  }

  private WebhookDetails find(UUID id) {
    return webhooks.find(id).orElseThrow(WebhookController::unknown);
  }

  private void requireUrl(WebhookBody body) {
    try {
      webhooks.requireUrl(body.url());
    } catch (IllegalArgumentException malformed) {
      throw ProblemException.invalid("/url", String.valueOf(malformed.getMessage()));
    }
  }

  private static void require(boolean isKnown) {
    if (!isKnown) {
      throw unknown();
    }
  }

  private static ProblemException unknown() {
    return ProblemException.notFound("there is no such webhook");
  }
}
