package copelsp;

import org.junit.runner.Description;
import org.junit.runner.JUnitCore;
import org.junit.runner.Request;
import org.junit.runner.Result;
import org.junit.runner.manipulation.Filter;
import org.junit.runner.notification.Failure;

/** By JUnit 4 itself. */
public final class Classic implements Tests.Way {
    @Override
    public String run(Class<?> type, String method) {
        Result result = new JUnitCore().run(Request.aClass(type).filterWith(new Named(method)));
        if (result.wasSuccessful()) {
            return result.getRunCount() == 0 || result.getIgnoreCount() > 0 ? "no test of this name ran" : null;
        }
        StringBuilder wrong = new StringBuilder();
        for (Failure each : result.getFailures()) {
            wrong.append(each.getTestHeader()).append(": ").append(Tests.shown(each.getException()));
        }
        return wrong.toString();
    }

    /** A method's tests, with those of its parameters (`name[0]`). */
    private static final class Named extends Filter {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        public boolean shouldRun(Description test) {
            String own = test.getMethodName();
            if (own != null) {
                return own.equals(name) || own.startsWith(name + "[");
            }
            for (Description each : test.getChildren()) {
                if (shouldRun(each)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public String describe() {
            return name;
        }
    }
}
