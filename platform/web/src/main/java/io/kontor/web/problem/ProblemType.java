package io.kontor.web.problem;

import java.util.Arrays;
import java.util.Locale;
import org.springframework.http.HttpStatus;

/**
 * The problem types of RFC 9457 that the API answers with, besides what HTTP itself defines, such
 * as 405 and 406. Answers, the API description and the table in docs/guide.md are made from them.
 */
public enum ProblemType {
  INVALID_REQUEST(
      HttpStatus.BAD_REQUEST,
      "A value of the request is missing or malformed; `errors` says what and where.",
      "every call"),
  UNAUTHORIZED(
      HttpStatus.UNAUTHORIZED,
      "The bearer token is missing, has expired or is not valid.",
      "every call with a token"),
  FORBIDDEN(
      HttpStatus.FORBIDDEN,
      "The token's roles or tenant do not allow the call.",
      "every call with a token"),
  UNKNOWN_TENANT(
      HttpStatus.FORBIDDEN,
      "The token's tenant is not registered here.",
      "every call with a token of a tenant"),
  NOT_FOUND(
      HttpStatus.NOT_FOUND,
      "What the path or body names does not exist, or the caller may not see it.",
      "every call that names something"),
  REQUEST_TIMEOUT(
      HttpStatus.REQUEST_TIMEOUT, "The stream lasted longer than an hour.", "streams of transfers"),
  IDEMPOTENCY_IN_PROGRESS(
      HttpStatus.CONFLICT,
      "The first request with this idempotency key is still running; try again after"
          + " `Retry-After`.",
      "commands with an `Idempotency-Key`"),
  BANK_DAY_OPEN(HttpStatus.CONFLICT, "The tenant has an open bank day already."),
  JOB_STATE_CONFLICT(
      HttpStatus.CONFLICT,
      "The job's state does not allow it, or the job is a process's task, which its process"
          + " steers."),
  NOTHING_TO_RESUME(HttpStatus.CONFLICT, "The order has ended, so there is nothing to resume."),
  ORDER_CONFIRMED(HttpStatus.CONFLICT, "The order is confirmed and can't be cancelled any more."),
  ORDER_TURNED_BACK(
      HttpStatus.CONFLICT,
      "The order is cancelled, or about to be, and can't continue.",
      "an order's own steps"),
  PAYMENT_NOT_WAITING(HttpStatus.CONFLICT, "The payment does not wait for a person's decision."),
  PRODUCT_EXISTS(HttpStatus.CONFLICT, "There is a product with this SKU already."),
  REBUILD_REFUSED(
      HttpStatus.CONFLICT, "The rebuild can't start, roll back or be aborted as things stand."),
  STANDING_ORDER_ENDED(
      HttpStatus.CONFLICT, "The standing order was cancelled, or its last due date has passed."),
  STATEMENT_NOT_READY(
      HttpStatus.CONFLICT,
      "The statement has no document yet; its `state` says whether one comes."),
  TENANT_EXISTS(HttpStatus.CONFLICT, "A tenant with this id is registered already."),
  TENANT_PLACE_CONFLICT(
      HttpStatus.CONFLICT,
      "The tenant was closed, is there already, or what it has moved out of is still kept."),
  VERSION_MISMATCH(
      HttpStatus.PRECONDITION_FAILED,
      "`If-Match` asked for another version than the current one.",
      "calls with `If-Match`"),
  CONTENT_TOO_LARGE(
      HttpStatus.CONTENT_TOO_LARGE,
      "The body is longer than this installation takes (1 MB by default).",
      "every call with a body"),
  UNSUPPORTED_MEDIA_TYPE(
      HttpStatus.UNSUPPORTED_MEDIA_TYPE,
      "The body's `Content-Type` is not JSON.",
      "every call with a body"),
  ACCOUNT_CLOSED(HttpStatus.UNPROCESSABLE_CONTENT, "The account is closed."),
  ACCOUNT_FROZEN(HttpStatus.UNPROCESSABLE_CONTENT, "The account is frozen."),
  ACCOUNT_NOT_EMPTY(
      HttpStatus.UNPROCESSABLE_CONTENT,
      "The account still has a balance or holds and can't be closed."),
  BALANCE_OUT_OF_RANGE(
      HttpStatus.UNPROCESSABLE_CONTENT,
      "The balance would not fit 64 bits of the currency's minor units."),
  CAPTURE_EXCEEDS_HOLD(HttpStatus.UNPROCESSABLE_CONTENT, "The capture asks for more than is held."),
  CURRENCY_MISMATCH(
      HttpStatus.UNPROCESSABLE_CONTENT, "The amount is not in the account's currency."),
  HOLD_EXPIRED(HttpStatus.UNPROCESSABLE_CONTENT, "The new hold's `expiresAt` has passed already."),
  HOLD_NOT_ACTIVE(
      HttpStatus.UNPROCESSABLE_CONTENT, "The hold has been captured or released, or has expired."),
  IDEMPOTENCY_KEY_REUSE(
      HttpStatus.UNPROCESSABLE_CONTENT,
      "The idempotency key was used for another request.",
      "calls with an `Idempotency-Key`"),
  INSUFFICIENT_FUNDS(
      HttpStatus.UNPROCESSABLE_CONTENT, "The amount is more than the account has available."),
  NOTHING_CAPTURED(
      HttpStatus.UNPROCESSABLE_CONTENT,
      "The hold ended without a capture, so there is nothing to refund.",
      "an order's own steps"),
  OUT_OF_STOCK(
      HttpStatus.UNPROCESSABLE_CONTENT,
      "The order asks for more of a product than is available.",
      "an order's own steps"),
  REFERENCE_TOO_OLD(
      HttpStatus.UNPROCESSABLE_CONTENT,
      "The reference is too old to know whether it was used before."),
  RESERVATION_ENDED(
      HttpStatus.UNPROCESSABLE_CONTENT,
      "The reservation was released or shipped.",
      "an order's own steps"),
  SAME_ACCOUNT(
      HttpStatus.UNPROCESSABLE_CONTENT, "The transfer's two accounts are the same account."),
  RATE_LIMITED(
      HttpStatus.TOO_MANY_REQUESTS,
      "The user, the tenant, or the address without a valid token has made as many requests in this"
          + " minute as it may; try again after `Retry-After`.",
      "every call"),
  TOO_MANY_REQUESTS(
      HttpStatus.TOO_MANY_REQUESTS,
      "The tenant's share of the database's connections is taken; try again after `Retry-After`.",
      "every call with a token of a tenant"),
  TOO_MANY_STATEMENTS(
      HttpStatus.TOO_MANY_REQUESTS,
      "The customer has asked for as many statements of the account today as it may."),
  TOO_MANY_STREAMS(
      HttpStatus.TOO_MANY_REQUESTS,
      "Too many live views of rebuilds, streams of transfers or streams of notifications are"
          + " open."),
  INTERNAL_ERROR(
      HttpStatus.INTERNAL_SERVER_ERROR,
      "The server failed unexpectedly; its log has the details below the correlation id.",
      "every call"),
  DATABASE_UNAVAILABLE(
      HttpStatus.SERVICE_UNAVAILABLE,
      "The database does not answer; try again after `Retry-After`.",
      "every call with a token"),
  GATEWAY_BUSY(
      HttpStatus.SERVICE_UNAVAILABLE,
      "The gateway has no memory for more bodies at the moment; try again after `Retry-After`.",
      "calls that change something, through a gateway"),
  ISSUER_UNAVAILABLE(
      HttpStatus.SERVICE_UNAVAILABLE,
      "The keys of the token's issuer can't be fetched; try again after `Retry-After`.",
      "every call with a token"),
  NODE_UNAVAILABLE(
      HttpStatus.SERVICE_UNAVAILABLE,
      "The gateway reached no node, or lost the connection to it; try again after `Retry-After`,"
          + " with the same idempotency key.",
      "every call through a gateway"),
  NOT_SERVED_HERE(
      HttpStatus.SERVICE_UNAVAILABLE,
      "This node answers no reads, or reached no node that does; try again or ask another node.",
      "reads"),
  READ_MODEL_BEHIND(
      HttpStatus.SERVICE_UNAVAILABLE,
      "The read model has not reached the requested position or time; try again after"
          + " `Retry-After`.",
      "reads"),
  STORE_BUSY(
      HttpStatus.SERVICE_UNAVAILABLE,
      "The event store can't take more right now; try again after `Retry-After`.",
      "calls that change something"),
  NODE_TIMEOUT(
      HttpStatus.GATEWAY_TIMEOUT,
      "The node behind the gateway did not answer in time; try again with the same idempotency"
          + " key.",
      "every call through a gateway");

  private final HttpStatus status;
  private final String meaning;
  private final String calls;

  /** A type that the calls with it name in their {@code @Answers}. */
  ProblemType(HttpStatus status, String meaning) {
    this(status, meaning, "");
  }

  ProblemType(HttpStatus status, String meaning, String calls) {
    this.status = status;
    this.meaning = meaning;
    this.calls = calls;
  }

  /**
   * The type with this slug.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static ProblemType ofSlug(String slug) {
    return Arrays.stream(values())
        .filter(type -> type.slug().equals(slug))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no problem type " + slug));
  }

  public HttpStatus status() {
    return status;
  }

  /** The last part of the type's URI, on which clients rely. */
  public String slug() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public String title() {
    String words = name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  /** When it is answered: one sentence, in Markdown. */
  public String meaning() {
    return meaning;
  }

  /** Which calls answer it; empty if their {@code @Answers} say it. */
  public String calls() {
    return calls;
  }
}
