package io.kontor.query.process;

import io.kontor.api.process.ProcessDetails;
import io.kontor.api.process.ProcessQuery.FindProcess;
import io.kontor.api.process.ProcessQuery.FindProcesses;
import io.kontor.api.process.ProcessState;
import io.kontor.query.support.QueryParameters;
import io.kontor.query.support.ReadGateway;
import io.kontor.tenancy.Uuids;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.paging.Cursor;
import io.kontor.web.paging.Page;
import io.kontor.web.paging.PageLimit;
import io.kontor.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Active sagas: what they wait for, since when, and their last error. */
@RestController
@RequestMapping("/v1/admin/sagas")
@Tag(name = "Processes")
class ProcessQueryController {
  private final ReadGateway gateway;

  ProcessQueryController(ReadGateway gateway) {
    this.gateway = gateway;
  }

  @GetMapping
  @Operation(
      operationId = "listProcesses",
      summary = "Processes under way: what they wait for, and since when")
  Page<ProcessDetails> processes(
      @RequestParam(required = false) @Nullable ProcessState state,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    int shown = PageLimit.of(limit);
    UUID after = Cursor.decode(cursor, Uuids::parse);
    gateway.awaitStored(minPosition);
    return QueryParameters.page(
        gateway.list(new FindProcesses(state, after, shown + 1), ProcessDetails.class),
        shown,
        process -> process.id().toString());
  }

  @GetMapping("/{id}")
  @Operation(
      operationId = "getProcess",
      summary = "A process under way",
      description = "The id is its subject's, such as the order's.")
  ProcessDetails process(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.awaitStored(minPosition);
    return gateway
        .find(new FindProcess(id), ProcessDetails.class)
        .orElseThrow(() -> ProblemException.notFound("there is no such process under way"));
  }
}
