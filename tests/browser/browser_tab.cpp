#include "tests/browser/browser_tab.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

namespace confab::test {

namespace {

using nlohmann::json;
using namespace std::chrono_literals;

/// What DevTools has to know of a key, beside its name.
struct key_facts {
  int code;
  const char* text;
};

const std::map<std::string, key_facts>& keys() {
  static const std::map<std::string, key_facts> known{
      {"Enter", {13, "\r"}},   {"Tab", {9, ""}},     {"Escape", {27, ""}},   {"ArrowUp", {38, ""}},
      {"ArrowDown", {40, ""}}, {"PageUp", {33, ""}}, {"Backspace", {8, ""}}, {"Home", {36, ""}},
  };
  return known;
}

/// `text` as a literal of JavaScript.
std::string quoted(const std::string& text) {
  return json(text).dump();
}

std::string from_base64(std::string_view text) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char each : text) {
    const auto digit = digits.find(each);
    if (digit == std::string_view::npos)
      break;
    bits = bits << 6U | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      result.push_back(static_cast<char>(bits >> static_cast<unsigned>(count) & 0xffU));
    }
  }
  return result;
}

}  // namespace

browser_tab::browser_tab(browser& owner) : browser_(owner) {
  const auto context = browser_.call({}, "Target.createBrowserContext")["browserContextId"];
  const auto target = browser_.call({}, "Target.createTarget",
                                    {{"url", "about:blank"}, {"browserContextId", context}});
  session_ = browser_.call({}, "Target.attachToTarget",
                           {{"targetId", target["targetId"]}, {"flatten", true}})["sessionId"];
  for (const auto* domain : {"Page", "Runtime", "Log", "Network", "Accessibility"})
    call(std::string{domain} + ".enable");
  call("Emulation.setFocusEmulationEnabled", {{"enabled", true}});
}

json browser_tab::call(const std::string& method, json params) {
  return browser_.call(session_, method, std::move(params));
}

void browser_tab::open(const std::string& address) {
  const auto result = call("Page.navigate", {{"url", address}});
  if (result.contains("errorText"))
    throw std::runtime_error{address + ": " + result["errorText"].get<std::string>()};
  wait_until("location.href !== 'about:blank' && document.readyState === 'complete'");
}

void browser_tab::reload() {
  evaluate("window.is_old = true");
  call("Page.reload");
  wait_until("window.is_old === undefined && document.readyState === 'complete'");
}

void browser_tab::resize(int width, int height) {
  call("Emulation.setDeviceMetricsOverride",
       {{"width", width}, {"height", height}, {"deviceScaleFactor", 1}, {"mobile", false}});
}

void browser_tab::prefer_dark() {
  const json feature{{"name", "prefers-color-scheme"}, {"value", "dark"}};
  call("Emulation.setEmulatedMedia", {{"features", json::array({feature})}});
}

json browser_tab::evaluate(const std::string& script) {
  const auto result =
      call("Runtime.evaluate",
           {{"expression", script}, {"awaitPromise", true}, {"returnByValue", true}});
  if (result.contains("exceptionDetails"))
    throw std::runtime_error{script + ": " + result["exceptionDetails"].dump()};
  return result["result"].value("value", json{});
}

void browser_tab::wait_until(const std::string& script, std::chrono::milliseconds span) {
  const deadline end{span};
  for (;;) {
    try {
      if (evaluate(script) == true)
        return;
    } catch (const std::runtime_error& problem) {
      // While a page is replaced by another one, there is nothing to ask.
      if (end.passed() || std::string_view{problem.what()}.find("context") == std::string::npos)
        throw;
    }
    if (end.passed())
      throw std::runtime_error{"never true: " + script + "\nthe page: " + text_of("body")};
    std::this_thread::sleep_for(20ms);
  }
}

void browser_tab::type(const std::string& selector, const std::string& text) {
  evaluate("document.querySelector(" + quoted(selector) + ").focus()");
  call("Input.insertText", {{"text", text}});
}

void browser_tab::press(const std::string& key, bool shift) {
  const auto& facts = keys().at(key);
  json params{{"type", "keyDown"},
              {"key", key},
              {"code", key},
              {"modifiers", shift ? 8 : 0},
              {"windowsVirtualKeyCode", facts.code}};
  if (*facts.text != '\0')
    params["text"] = facts.text;
  call("Input.dispatchKeyEvent", params);
  params["type"] = "keyUp";
  params.erase("text");
  call("Input.dispatchKeyEvent", params);
}

void browser_tab::click(const std::string& selector) {
  const auto middle =
      evaluate("(() => { const e = document.querySelector(" + quoted(selector) +
               "); e.scrollIntoView({block: 'nearest'}); const b = e.getBoundingClientRect();"
               " return [b.x + b.width / 2, b.y + b.height / 2]; })()");
  for (const auto* kind : {"mouseMoved", "mousePressed", "mouseReleased"})
    call("Input.dispatchMouseEvent", {{"type", kind},
                                      {"x", middle[0]},
                                      {"y", middle[1]},
                                      {"button", "left"},
                                      {"clickCount", 1}});
}

void browser_tab::turn_wheel(const std::string& selector, int pixels) {
  const auto middle =
      evaluate("(() => { const b = document.querySelector(" + quoted(selector) +
               ").getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })()");
  call("Input.dispatchMouseEvent", {{"type", "mouseWheel"},
                                    {"x", middle[0]},
                                    {"y", middle[1]},
                                    {"deltaX", 0},
                                    {"deltaY", pixels}});
}

std::string browser_tab::text_of(const std::string& selector) {
  return evaluate("document.querySelector(" + quoted(selector) + ")?.textContent ?? ''");
}

std::vector<std::string> browser_tab::texts_of(const std::string& selector) {
  return evaluate("[...document.querySelectorAll(" + quoted(selector) +
                  ")].map((each) => each.textContent)");
}

std::vector<accessible_node> browser_tab::accessibility_tree() {
  std::vector<accessible_node> result;
  const auto text = [](const json& node, const char* field) {
    const auto found = node.find(field);
    if (found == node.end() || !found->contains("value") || !(*found)["value"].is_string())
      return std::string{};
    return (*found)["value"].get<std::string>();
  };
  const auto tree = call("Accessibility.getFullAXTree");
  for (const auto& node : tree["nodes"])
    if (!node.value("ignored", false))
      result.push_back({text(node, "role"), text(node, "name")});
  return result;
}

bool browser_tab::has_accessible(const std::string& role, const std::string& name) {
  const auto tree = accessibility_tree();
  return std::any_of(tree.begin(), tree.end(), [&](const accessible_node& each) {
    return each.role == role && each.name == name;
  });
}

void browser_tab::keep_picture(const std::string& name) {
  const std::filesystem::path folder{CONFAB_PICTURES};
  std::filesystem::create_directories(folder);
  const std::string data = call("Page.captureScreenshot")["data"];
  std::ofstream out{folder / (name + ".png"), std::ios::binary};
  out << from_base64(data);
  if (!out.flush())
    throw std::runtime_error{"the picture " + name + " cannot be written"};
}

std::vector<std::string> browser_tab::complaints() {
  evaluate("0");  // What has been told until now comes before the answer.
  std::vector<std::string> result;
  for (const auto& each : browser_.events(session_).complaints)
    if (each.find("WebSocket connection to") == std::string::npos)
      result.push_back(each);
  return result;
}

std::vector<std::string> browser_tab::foreign_requests(const std::string& address) {
  evaluate("0");
  std::vector<std::string> result;
  for (const auto& each : browser_.events(session_).requests)
    if (each.compare(0, address.size(), address) != 0)
      result.push_back(each);
  return result;
}

std::size_t browser_tab::dialogs() {
  evaluate("0");
  return browser_.events(session_).dialogs;
}

}  // namespace confab::test
