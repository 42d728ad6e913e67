package io.kontor.command.datasubject.web;

import io.kontor.api.datasubject.ForgetDataSubject;
import io.kontor.api.datasubject.ForgetDataSubject.Forgotten;
import io.kontor.api.message.Validation;
import io.kontor.command.http.CommandDispatcher;
import io.kontor.command.http.CommandRequest;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.tenancy.TenantContext;
import io.kontor.web.openapi.Answers;
import io.kontor.web.openapi.SendsCommands;
import io.kontor.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The right to be forgotten. */
@RestController
@RequestMapping("/v1/admin/data-subjects")
@Tag(name = "Data subjects")
@SendsCommands
class DataSubjectController {
  private final CommandDispatcher commands;
  private final PersonalDataService personalData;

  DataSubjectController(CommandDispatcher commands, PersonalDataService personalData) {
    this.commands = commands;
    this.personalData = personalData;
  }

  /**
   * Records the request, then deletes the key; after a crash in between, a retry deletes it. It
   * deletes the recorded key, so a repeated request does not forget a person who returned since.
   */
  @DeleteMapping("/{subject}")
  @Operation(
      operationId = "forgetDataSubject",
      summary = "Forget all that is known of a person, for good")
  @Answers(HttpStatus.NO_CONTENT)
  ResponseEntity<Void> forget(@PathVariable String subject, HttpServletRequest http) {
    requireSubject(subject);
    var command =
        ForgetDataSubject.of(TenantContext.current(), subject, personalData.keyOf(subject));
    var forgotten = commands.send(CommandRequest.of(http, null), command, Forgotten.class);
    personalData.forget(subject, forgotten.answer().key());
    return forgotten.noContent();
  }

  private static void requireSubject(String subject) {
    try {
      Validation.carriedText("subject", subject);
    } catch (IllegalArgumentException impossible) {
      throw ProblemException.invalid("subject", String.valueOf(impossible.getMessage()));
    }
  }
}
