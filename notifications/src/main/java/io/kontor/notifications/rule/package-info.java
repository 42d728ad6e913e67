/** Which event notifies which user, and which of the bank's staff, of what. No SQL, no HTTP. */
@NullMarked
package io.kontor.notifications.rule;

import org.jspecify.annotations.NullMarked;
