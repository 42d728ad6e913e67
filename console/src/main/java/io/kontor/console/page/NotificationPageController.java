package io.kontor.console.page;

import static java.util.stream.Collectors.toMap;

import io.kontor.api.money.Money;
import io.kontor.console.client.BankApi;
import io.kontor.console.client.CallPath;
import io.kontor.web.paging.Page;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The person's own notifications, how many are not read, and which kinds the person wants. */
@Controller
@RequestMapping("/console/notifications")
final class NotificationPageController {
  private static final String LIST = "/v1/notifications";
  private static final String PAGE = "/console/notifications";
  private static final String PREFERENCES = LIST + "/preferences";

  private final BankApi api;
  private final Changes changes;

  NotificationPageController(BankApi api, Changes changes) {
    this.api = api;
    this.changes = changes;
  }

  record Notification(UUID id, String kind, Instant at, Subject data, boolean read) {}

  /** What a notification is about. */
  record Subject(
      @Nullable UUID account,
      @Nullable Money amount,
      @Nullable Money balance,
      @Nullable Money threshold,
      @Nullable UUID payment,
      @Nullable UUID order,
      @Nullable UUID standingOrder,
      @Nullable UUID statement,
      @Nullable UUID job,
      @Nullable UUID webhook,
      @Nullable String projection) {
    /** The page that shows it. */
    public String page() {
      if (payment != null) {
        return "/console/payments/" + payment;
      }
      if (order != null) {
        return "/console/orders/" + order;
      }
      if (standingOrder != null) {
        return "/console/standing-orders/" + standingOrder;
      }
      if (job != null) {
        return "/console/jobs/" + job;
      }
      if (webhook != null) {
        return "/console/webhooks/" + webhook;
      }
      if (projection != null) {
        return "/console/read-models/" + projection + "/dead-letters";
      }
      return "/console/accounts/" + account + (statement == null ? "" : "/statements");
    }
  }

  record Unread(long unread) {}

  /** What the API knows of the person's wishes. */
  record Preferences(List<String> muted, List<String> listOnly) {
    /** How the person wants to be notified of each kind. */
    static Preferences of(Map<String, String> ways) {
      return new Preferences(kinds(ways, Way.NONE), kinds(ways, Way.LIST));
    }

    private static List<String> kinds(Map<String, String> ways, Way way) {
      return NotificationKinds.ALL.stream()
          .filter(kind -> way.name().equals(ways.get(kind)))
          .toList();
    }

    Map<String, String> ways() {
      return NotificationKinds.ALL.stream().collect(toMap(kind -> kind, kind -> way(kind).name()));
    }

    private Way way(String kind) {
      if (muted.contains(kind)) {
        return Way.NONE;
      }
      return listOnly.contains(kind) ? Way.LIST : Way.LIVE;
    }
  }

  /** How a person wants to be notified of a kind. */
  enum Way {
    /** As it comes, and in the list. */
    LIVE,
    LIST,
    NONE
  }

  @GetMapping
  String list(
      @RequestParam(required = false) @Nullable String unread,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable String done,
      Model model) {
    CallPath wanted = CallPath.of(LIST).with("unread", unread);
    Page<Notification> notifications =
        api.page(Notification.class, wanted.with("cursor", cursor), null);
    model.addAttribute("notifications", notifications.items());
    model.addAttribute("unread", unread);
    model.addAttribute("done", done != null);
    model.addAttribute("next", CallPath.of(PAGE).with("unread", unread).after(notifications));
    return "console/notifications";
  }

  /** What open pages replace every few seconds. */
  @GetMapping("/bell")
  String bell(Model model) {
    model.addAttribute(
        "unread", api.get(Unread.class, CallPath.of(LIST + "/unread-count")).unread());
    return "console/parts :: bell";
  }

  @PostMapping("/{id}/read")
  String read(@PathVariable UUID id, @RequestParam(required = false) @Nullable String key) {
    return changes.post(CallPath.of(LIST + "/{}/read", id), null, key, CallPath.of(PAGE));
  }

  @PostMapping("/read-all")
  String readAll(@RequestParam(required = false) @Nullable String key) {
    return changes.post(CallPath.of(LIST + "/read-all"), null, key, CallPath.of(PAGE));
  }

  @GetMapping("/preferences")
  String preferences(@RequestParam(required = false) @Nullable String done, Model model) {
    Preferences preferences = api.get(Preferences.class, CallPath.of(PREFERENCES));
    model.addAttribute("kinds", NotificationKinds.ALL);
    model.addAttribute("ways", Way.values());
    model.addAttribute("chosen", preferences.ways());
    model.addAttribute("done", done != null);
    return "console/notification-preferences";
  }

  /**
   * @param fields the way of each kind; a kind that is not among them comes live
   */
  @PostMapping("/preferences")
  String prefer(
      @RequestParam Map<String, String> fields,
      @RequestParam(required = false) @Nullable String key) {
    return changes.put(
        CallPath.of(PREFERENCES), Preferences.of(fields), key, CallPath.of(PAGE + "/preferences"));
  }
}
