package io.kontor.console.page;

import io.kontor.api.order.OrderDetails;
import io.kontor.api.order.OrderStatus;
import io.kontor.api.order.OrderStep;
import io.kontor.api.process.ProcessDetails;
import io.kontor.api.process.ProcessState;
import io.kontor.console.client.BankApi;
import io.kontor.console.client.CallPath;
import io.kontor.web.paging.Page;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Orders and the processes behind them: their steps, and a person's way out of a stuck one. */
@Controller
final class ProcessController {
  private static final String PROCESSES = "/v1/admin/sagas";
  private static final String PAGE = "/console/processes/{}";

  private final BankApi api;
  private final Changes changes;

  ProcessController(BankApi api, Changes changes) {
    this.api = api;
    this.changes = changes;
  }

  /** A step of an order with the last that happened to it; null when nothing did. */
  record Step(String name, OrderDetails.@Nullable Happening last) {}

  @GetMapping("/console/processes")
  String list(
      @RequestParam(required = false) @Nullable String state,
      @RequestParam(required = false) @Nullable String cursor,
      Model model) {
    CallPath wanted = CallPath.of(PROCESSES).with("state", state);
    Page<ProcessDetails> processes =
        api.page(ProcessDetails.class, wanted.with("cursor", cursor), null);
    if (cursor == null && state == null) {
      model.addAttribute(
          "stuck",
          api.page(ProcessDetails.class, wanted.with("state", ProcessState.NEEDS_ATTENTION), null)
              .items());
    }
    model.addAttribute("processes", processes.items());
    model.addAttribute("state", state);
    model.addAttribute("states", ProcessState.values());
    model.addAttribute(
        "next", CallPath.of("/console/processes").with("state", state).after(processes));
    return "console/processes";
  }

  @GetMapping("/console/processes/{id}")
  String process(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String position,
      @RequestParam(required = false) @Nullable String done,
      Model model) {
    model.addAttribute(
        "process", api.get(ProcessDetails.class, CallPath.of(PROCESSES + "/{}", id), position));
    model.addAttribute("done", done != null);
    return "console/process";
  }

  @PostMapping("/console/processes/{id}/retry")
  String retry(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String reason,
      @RequestParam(required = false) @Nullable String key) {
    return changes.post(
        CallPath.of(PROCESSES + "/{}/retry", id),
        new Changes.Reason(reason),
        key,
        CallPath.of(PAGE, id));
  }

  @PostMapping("/console/processes/{id}/compensate")
  String compensate(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String reason,
      @RequestParam(required = false) @Nullable String key) {
    return changes.post(
        CallPath.of(PROCESSES + "/{}/compensate", id),
        new Changes.Reason(reason),
        key,
        CallPath.of("/console/processes"));
  }

  @GetMapping("/console/orders/{id}")
  String order(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String position,
      @RequestParam(required = false) @Nullable String done,
      Model model) {
    OrderDetails order = api.get(OrderDetails.class, CallPath.of("/v1/orders/{}", id), position);
    model.addAttribute("order", order);
    model.addAttribute("steps", steps(order));
    model.addAttribute(
        "cancellable",
        order.status() != OrderStatus.CONFIRMED && order.status() != OrderStatus.CANCELLED);
    model.addAttribute("done", done != null);
    return "console/order";
  }

  @PostMapping("/console/orders/{id}/cancel")
  String cancel(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String reason,
      @RequestParam(required = false) @Nullable String key) {
    return changes.post(
        CallPath.of("/v1/orders/{}/cancel", id),
        new Changes.Reason(reason),
        key,
        CallPath.of("/console/orders/{}", id));
  }

  private static List<Step> steps(OrderDetails order) {
    return Arrays.stream(OrderStep.values())
        .map(
            step ->
                new Step(
                    step.name(),
                    order.timeline().stream()
                        .filter(happening -> happening.step().equals(step.name()))
                        .reduce((_, later) -> later)
                        .orElse(null)))
        .toList();
  }
}
