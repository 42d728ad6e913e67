package io.kontor.console.page;

import io.kontor.console.client.BankApi;
import io.kontor.console.client.BankApi.Sent;
import io.kontor.console.client.CallPath;
import io.kontor.console.client.PageCell;
import io.kontor.web.paging.Page;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.JsonNode;

/** Read models: rebuilds with their progress, and events that one could not take. */
@Controller
@RequestMapping({PageCell.SHARED, PageCell.PREFIX})
final class ReadModelController {
  private static final String LIST = "/v1/admin/projections";
  private static final String REBUILD = "/v1/admin/rebuilds/{}";
  private static final String LETTERS = LIST + "/{}/dead-letters";

  private static final String REBUILD_PAGE = "/rebuilds/";
  private static final String LETTERS_PAGE = "/read-models/{}/dead-letters";

  private final BankApi api;
  private final Changes changes;

  ReadModelController(BankApi api, Changes changes) {
    this.api = api;
    this.changes = changes;
  }

  /**
   * A rebuild, or the way back to the generation before it.
   *
   * @param processed position reached, out of {@code total}
   */
  record RebuildProgress(
      UUID id,
      String kind,
      List<String> projections,
      String state,
      String phase,
      long processed,
      long total,
      @Nullable Long etaSeconds,
      @Nullable String failure) {
    public boolean isRunning() {
      return state.equals("RUNNING");
    }
  }

  /**
   * An event that a read model could not take.
   *
   * @param followers later events of the stream, which wait for it
   * @param requested what a person has asked for and is not carried out yet
   */
  record DeadLetter(
      UUID id,
      UUID stream,
      String type,
      Instant parkedAt,
      int attempts,
      long followers,
      String cause,
      @Nullable String requested) {}

  /** What the event of a dead letter has. */
  record DeadLetterContents(
      UUID id,
      UUID stream,
      String type,
      int attempts,
      String cause,
      @Nullable String requested,
      long position,
      JsonNode payload,
      JsonNode metadata) {}

  @GetMapping("/read-models")
  String list(@RequestParam(required = false) @Nullable String done, Model model) {
    model.addAttribute(
        "readModels", api.list(OverviewController.ReadModel.class, CallPath.of(LIST)));
    model.addAttribute("done", done != null);
    return "console/read-models";
  }

  @PostMapping("/read-models/{name}/rebuild")
  String rebuild(@PathVariable String name, @RequestParam(required = false) @Nullable String key) {
    return begun(CallPath.of(LIST + "/{}/rebuild", name), key);
  }

  @PostMapping("/read-models/{name}/rollback")
  String rollBack(@PathVariable String name, @RequestParam(required = false) @Nullable String key) {
    return begun(CallPath.of(LIST + "/{}/rollback", name), key);
  }

  private String begun(CallPath call, @Nullable String key) {
    Sent sent = changes.send(HttpMethod.POST, call, null, key);
    return "redirect:" + PageCell.home() + REBUILD_PAGE + sent.newId();
  }

  @GetMapping(REBUILD_PAGE + "{id}")
  String rebuild(@PathVariable UUID id, Model model) {
    progress(id, model);
    return "console/rebuild";
  }

  /** What the open page replaces each second until the rebuild has ended. */
  @GetMapping(REBUILD_PAGE + "{id}/progress")
  String progress(@PathVariable UUID id, Model model) {
    model.addAttribute("rebuild", api.get(RebuildProgress.class, CallPath.of(REBUILD, id)));
    return "console/rebuild :: progress";
  }

  @PostMapping(REBUILD_PAGE + "{id}/abort")
  String abort(@PathVariable UUID id, @RequestParam(required = false) @Nullable String key) {
    changes.send(HttpMethod.DELETE, CallPath.of(REBUILD, id), null, key);
    return "redirect:" + PageCell.home() + REBUILD_PAGE + id;
  }

  @GetMapping("/read-models/{name}/dead-letters")
  String letters(
      @PathVariable String name,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable String done,
      Model model) {
    Page<DeadLetter> letters =
        api.page(DeadLetter.class, CallPath.of(LETTERS, name).with("cursor", cursor), null);
    model.addAttribute("name", name);
    model.addAttribute("letters", letters.items());
    model.addAttribute("done", done != null);
    model.addAttribute("next", lettersPage(name).after(letters));
    return "console/dead-letters";
  }

  private static CallPath lettersPage(String name) {
    return CallPath.of(PageCell.home() + LETTERS_PAGE, name);
  }

  @PostMapping("/read-models/{name}/dead-letters/retry")
  String retryAll(@PathVariable String name, @RequestParam(required = false) @Nullable String key) {
    return changes.post(CallPath.of(LETTERS + "/retry", name), null, key, lettersPage(name));
  }

  @GetMapping("/read-models/{name}/dead-letters/{id}")
  String letter(@PathVariable String name, @PathVariable UUID id, Model model) {
    DeadLetterContents letter =
        api.get(DeadLetterContents.class, CallPath.of(LETTERS + "/{}", name, id));
    model.addAttribute("name", name);
    model.addAttribute("letter", letter);
    model.addAttribute("payload", letter.payload().toPrettyString());
    model.addAttribute("metadata", letter.metadata().toPrettyString());
    return "console/dead-letter";
  }

  @PostMapping("/read-models/{name}/dead-letters/{id}/retry")
  String retry(
      @PathVariable String name,
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String key) {
    return changes.post(CallPath.of(LETTERS + "/{}/retry", name, id), null, key, lettersPage(name));
  }

  @PostMapping("/read-models/{name}/dead-letters/{id}/discard")
  String discard(
      @PathVariable String name,
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String reason,
      @RequestParam(required = false) @Nullable String key) {
    return changes.post(
        CallPath.of(LETTERS + "/{}/discard", name, id),
        new Changes.Reason(reason),
        key,
        lettersPage(name));
  }
}
