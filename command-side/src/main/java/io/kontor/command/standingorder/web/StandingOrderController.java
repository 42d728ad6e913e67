package io.kontor.command.standingorder.web;

import io.kontor.api.account.AccountCommand.ShowOwner;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.AccountResult.Owner;
import io.kontor.api.payment.Creditor;
import io.kontor.api.standingorder.PlannedExecution;
import io.kontor.api.standingorder.Schedule;
import io.kontor.api.standingorder.StandingOrderCommand;
import io.kontor.api.standingorder.StandingOrderCommand.CancelStandingOrder;
import io.kontor.api.standingorder.StandingOrderCommand.CreateStandingOrder;
import io.kontor.api.standingorder.StandingOrderCommand.PauseStandingOrder;
import io.kontor.api.standingorder.StandingOrderCommand.ResumeStandingOrder;
import io.kontor.api.standingorder.StandingOrderId;
import io.kontor.api.standingorder.StandingOrderResult;
import io.kontor.api.standingorder.StandingOrderTerms;
import io.kontor.command.http.CommandDispatcher;
import io.kontor.command.http.CommandRequest;
import io.kontor.command.http.PathIds;
import io.kontor.command.http.RequestContext;
import io.kontor.command.standingorder.ExecutionCalendar;
import io.kontor.command.standingorder.web.StandingOrderRequests.Creation;
import io.kontor.command.standingorder.web.StandingOrderRequests.PlannedDay;
import io.kontor.command.standingorder.web.StandingOrderRequests.Preview;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.IdGenerator;
import io.kontor.web.openapi.Answers;
import io.kontor.web.openapi.IfMatch;
import io.kontor.web.openapi.MovesMoney;
import io.kontor.web.openapi.SendsCommands;
import io.kontor.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Standing orders: created once, executed on each due date. */
@RestController
@RequestMapping(StandingOrderController.PATH)
@Tag(name = "Standing orders")
@SendsCommands
class StandingOrderController {
  static final String PATH = "/v1/standing-orders";
  private static final int PREVIEWED = 10;

  private final InstantSource clock;
  private final CommandDispatcher commands;
  private final ExecutionCalendar calendar;
  private final PersonalDataService personalData;
  private final JsonMapper json;

  StandingOrderController(
      CommandDispatcher commands,
      ExecutionCalendar calendar,
      PersonalDataService personalData,
      JsonMapper json,
      ObjectProvider<InstantSource> clock) {
    this.clock = clock.getIfAvailable(InstantSource::system);
    this.commands = commands;
    this.calendar = calendar;
    this.personalData = personalData;
    this.json = json;
  }

  @PostMapping
  @Operation(
      operationId = "createStandingOrder",
      summary = "Pay regularly, or later",
      description =
          """
          To an account of this bank (`to`) or to another bank (`creditor`). Each due date is
          executed once, from the morning of its business day on. What the account lacks the money
          for is tried again some hours later, and then recorded as failed; the order goes on.

          With `?preview` nothing is created: the answer is 200 with the first ten `executions`,
          each with its `dueDate` and the `valueDate` on which it would be executed. `from`, `to`
          and `creditor` are not looked up, and no `Idempotency-Key` is needed.
          """)
  @Answers(
      value = HttpStatus.CREATED,
      location = true,
      mayBeUnknown = true,
      rejections = {"same-account", "currency-mismatch"})
  @MovesMoney
  ResponseEntity<StandingOrderResult> create(@RequestBody Creation body, HttpServletRequest http) {
    var request = CommandRequest.movingMoney(http, body);
    var created =
        commands.prepared(
            request, () -> command(body, request.origin()), StandingOrderResult.class);
    return created.created(PATH + "/" + created.answer().id());
  }

  /** Described with the creation, which it shares its path with. */
  @PostMapping(params = "preview")
  @Operation(hidden = true)
  Preview preview(@RequestBody Creation body) {
    first(body.schedule());
    return new Preview(
        calendar.first(body.schedule(), PREVIEWED).stream()
            .map(execution -> new PlannedDay(execution.dueDate(), execution.valueDate()))
            .toList());
  }

  @PostMapping("/{id}/pause")
  @Operation(
      operationId = "pauseStandingOrder",
      summary = "Leave out due dates until it is resumed")
  @Answers(conflicts = "standing-order-ended")
  @IfMatch
  ResponseEntity<StandingOrderResult> pause(@PathVariable String id, HttpServletRequest http) {
    return change(id, http, PauseStandingOrder::new);
  }

  @PostMapping("/{id}/resume")
  @Operation(
      operationId = "resumeStandingOrder",
      summary = "Go on with the first due date that has not passed")
  @Answers(conflicts = "standing-order-ended")
  @IfMatch
  ResponseEntity<StandingOrderResult> resume(@PathVariable String id, HttpServletRequest http) {
    return change(id, http, ResumeStandingOrder::new);
  }

  @PostMapping("/{id}/cancel")
  @Operation(operationId = "cancelStandingOrder", summary = "End a standing order for good")
  @IfMatch
  ResponseEntity<StandingOrderResult> cancel(@PathVariable String id, HttpServletRequest http) {
    return change(id, http, CancelStandingOrder::new);
  }

  private ResponseEntity<StandingOrderResult> change(
      String id,
      HttpServletRequest http,
      BiFunction<StandingOrderId, @Nullable String, StandingOrderCommand> command) {
    var request = CommandRequest.of(http, null);
    return commands
        .send(
            request,
            command.apply(PathIds.standingOrder(id), request.origin().caller().asCustomer()),
            StandingOrderResult.class)
        .ok();
  }

  /** Adds the paying account's owner, the currencies by which the order decides, and a date. */
  private CreateStandingOrder command(Creation body, RequestContext origin) {
    PlannedExecution first = first(body.schedule());
    var from = new AccountId(origin.tenant(), body.from());
    Owner owner = owner(origin, from, origin.caller().asCustomer());
    UUID receiver = body.to();
    AccountId to = receiver == null ? null : new AccountId(origin.tenant(), receiver);
    return new CreateStandingOrder(
        new StandingOrderId(origin.tenant(), IdGenerator.next()),
        owner.customer(),
        owner.currency(),
        to == null ? null : owner(origin, to, null).currency(),
        new StandingOrderTerms(
            from,
            to,
            sealed(owner.customer(), body.creditor()),
            body.amount(),
            body.reference(),
            body.schedule()),
        first);
  }

  private Owner owner(RequestContext origin, AccountId account, @Nullable String customer) {
    return commands.ask(origin, new ShowOwner(account, customer), Owner.class);
  }

  private @Nullable SealedText sealed(String customer, @Nullable Creditor creditor) {
    return creditor == null ? null : personalData.seal(customer, json.writeValueAsString(creditor));
  }

  /** The first execution of a schedule, which has to be possible still. */
  private PlannedExecution first(Schedule schedule) {
    if (!calendar.names().contains(schedule.calendar())) {
      throw ProblemException.invalid(
          "/schedule/calendar", "must be one of " + String.join(", ", calendar.names()));
    }
    PlannedExecution first =
        calendar
            .execution(schedule, 1)
            .orElseThrow(
                () -> ProblemException.invalid("/schedule/until", "must not be before a due date"));
    if (first.valueDate().isBefore(calendar.dateAt(clock.instant()))) {
      throw ProblemException.invalid(
          "/schedule/first", "must not be in the past, nor the business day that it is moved to");
    }
    return first;
  }
}
