/* django-bellhop, BSD-3-Clause. Made from packages/bellhop/js by build.mjs; edit there. */
(()=>{var f=Object.freeze({READY:"ready",NOTIFICATION:"notification",STATE:"state",BEAT:"beat",RESYNC:"resync"}),T=Object.freeze({RESTART:1012,BAD_FRAME:4400,NO_SESSION:4401,UNKNOWN_PATH:4404,TOO_SLOW:4408,TOO_MANY:4429,UNAVAILABLE:4503}),_=6e4,ot=2e4,at=500,ht=3e4,lt=2e3;var y=class{#e=0;#t;#n;#s;constructor({base:t=at,cap:e=ht,random:i=Math.random}={}){this.#t=t,this.#n=e,this.#s=i}next(){let t=Math.min(this.#n,this.#t*2**this.#e);return t<this.#n&&(this.#e+=1),Math.round(this.#s()*t)}slow(){return Math.round(this.#n*(.5+this.#s()/2))}reset(){this.#e=0}};var p=s=>Number.isSafeInteger(s)&&s>=0,V=s=>s==null,qt=s=>V(s)||Array.isArray(s)&&s.every(t=>typeof t=="string"),ct={[f.READY]:s=>p(s.seq)&&p(s.rev)&&p(s.unread),[f.BEAT]:s=>p(s.seq)&&p(s.rev)&&p(s.unread),[f.RESYNC]:s=>p(s.seq),[f.NOTIFICATION]:s=>typeof s.message=="string"&&(V(s.seq)||p(s.seq)&&typeof s.id=="string"),[f.STATE]:s=>p(s.rev)&&p(s.unread)&&[s.through,s.since].every(t=>V(t)||p(t))&&[s.read,s.unread_ids,s.archived,s.removed].every(qt)};function dt(s){if(typeof s!="string")return null;let t;try{t=JSON.parse(s)}catch{return null}return t===null||typeof t!="object"||Array.isArray(t)||!Object.hasOwn(ct,t.type)?null:ct[t.type](t)?t:null}var l=Object.freeze({CONNECTING:"connecting",OPEN:"open",WAITING:"waiting",OFFLINE:"offline",SIGNED_OUT:"signed-out",CLOSED:"closed"}),Dt={setTimeout:(s,t)=>globalThis.setTimeout(s,t),clearTimeout:s=>globalThis.clearTimeout(s)},O=class extends EventTarget{#e;#t;#n;#s;#i;#o;#r;#a;#h;#l=l.CLOSED;#w=null;#c=null;#d=null;#y=!1;#g=0;#u=0;constructor({url:t,after:e=0,checkSession:i,WebSocket:n=globalThis.WebSocket,isOnline:r=()=>!0,random:o=Math.random,timers:h=Dt,now:a=Date.now}){super(),this.#e=t,this.#t=e,this.#s=i,this.#n=n,this.#i=r,this.#o=o,this.#r=h,this.#a=a,this.#h=new y({random:o})}get state(){return this.#l}get cursor(){return this.#t}start(){this.#l!==l.CLOSED&&this.#l!==l.SIGNED_OUT||(this.#u+=1,this.#h.reset(),this.#f())}stop(){this.#u+=1,this.#x(),this.#E(),this.#S(l.CLOSED)}wake(){this.#c!==null?this.#f():this.#l===l.OPEN&&this.#a()-this.#g>_&&(this.#x(),this.#f())}networkChanged(){this.#i()?this.wake():this.#l===l.WAITING&&this.#S(l.OFFLINE)}#f(){this.#E();let t;try{t=new this.#n(`${this.#e}?after=${this.#t}`)}catch{this.#T(this.#h.slow());return}this.#w=t,t.onmessage=e=>this.#m(e.data),t.onclose=e=>this.#p(e.code),this.#v(ot),this.#S(l.CONNECTING)}#m(t){this.#g=this.#a(),this.#l===l.OPEN&&this.#v(_);let e=dt(t);if(e!==null)switch(e.type){case f.READY:if(this.#l===l.OPEN)break;this.#y=e.seq<this.#t,this.#h.reset(),this.#v(_),this.#S(l.OPEN),this.#k("ready",e);break;case f.NOTIFICATION:this.#b(e);break;case f.STATE:this.#k("sync",e);break;case f.BEAT:this.#k("beat",e);break;case f.RESYNC:{let i=this.#t;if(e.seq<i&&!this.#y)return;this.#y=!1,this.#t=e.seq,this.#k("resync",{seq:e.seq,from:i});break}}}#b(t){if(Number.isInteger(t.seq)){if(t.seq<=this.#t)return;this.#t=t.seq}this.#k("notification",t)}#p(t){let e=this.#l===l.OPEN;switch(this.#x(),t){case T.NO_SESSION:this.#O(t);break;case T.BAD_FRAME:case T.UNKNOWN_PATH:this.#T(this.#h.slow(),t);break;case T.RESTART:this.#T(e?Math.round(this.#o()*lt):this.#h.next(),t);break;default:this.#T(this.#h.next(),t)}}async#O(t){let e=this.#u;this.#S(l.WAITING,{code:t});let i=0;try{i=await this.#s()}catch{}e===this.#u&&(i===401?this.#S(l.SIGNED_OUT,{code:t}):this.#T(this.#h.next(),t))}#T(t,e){this.#E(),this.#c=this.#r.setTimeout(()=>this.#f(),t),this.#S(this.#i()?l.WAITING:l.OFFLINE,{code:e,delay:t})}#E(){this.#c!==null&&this.#r.clearTimeout(this.#c),this.#c=null}#v(t){this.#_(),this.#d=this.#r.setTimeout(()=>this.#p(void 0),t)}#_(){this.#d!==null&&this.#r.clearTimeout(this.#d),this.#d=null}#x(){this.#_();let t=this.#w;t!==null&&(this.#w=null,t.onmessage=t.onclose=null,t.close())}#S(t,e={}){let i=this.#l;t!==i&&(this.#l=t,this.#k("state",{state:t,previous:i,...e}))}#k(t,e){this.dispatchEvent(new CustomEvent(t,{detail:e}))}};function ut(s,{protocol:t,hostname:e,host:i}){let n=t==="https:"?"wss:":"ws:";return/^(ws|http)s?:\/\//i.test(s)?s.replace(/^http/i,"ws"):/^:\d+/.test(s)?`${n}//${e}${s}`:`${n}//${i}${s.startsWith("/")?"":"/"}${s}`}var A="[bellhop]";function ft(s){console.log(A,s.message,s)}function mt({state:s,code:t,delay:e}){let i=t===void 0?"":` (code ${t})`,n=e===void 0?"":`, next attempt in ${e} ms`;console.debug(A,`connection ${s}${i}${n}`)}function pt({seq:s,from:t}){console.debug(A,`resync: going on from ${s}, was at ${t}; the list is fetched again`)}function w(s,t){console.warn(A,s,t)}var S=class extends Error{constructor(t,e){super(e),this.name="ApiError",this.status=t}},J=409,I=class{#e;#t;#n;#s="";constructor({base:t,csrfHeader:e,fetch:i=(...n)=>globalThis.fetch(...n)}){this.#e=t,this.#n=e||"X-CSRFToken",this.#t=i}list(t={},e){return this.#i("GET",`?${new URLSearchParams(t)}`,e)}async summary(t){let e=await this.#i("GET","summary",t);return this.#s=e.csrf_token??this.#s,e}async mark(t,e,i){let n=i?{...e,user_key:i}:e;try{return await this.#i("POST",t,i,n)}catch(r){if(r.status!==403)throw r;return await this.summary(i),this.#i("POST",t,i,n)}}async#i(t,e,i,n){let r={Accept:"application/json"};n!==void 0&&(r["Content-Type"]="application/json",r[this.#n]=this.#s);let o;try{o=await this.#t(this.#e+e,{method:t,headers:r,body:n===void 0?void 0:JSON.stringify(n),credentials:"same-origin",cache:"no-store",keepalive:n!==void 0,signal:AbortSignal.timeout(15e3)})}catch(a){throw new S(0,a instanceof Error?a.message:String(a))}let h=await o.json().catch(()=>null);if(!o.ok)throw new S(o.status,h?.error?.message??`HTTP ${o.status}`);if(h===null)throw new S(0,"the answer was no JSON");if(i&&h.user_key!==void 0&&h.user_key!==i)throw new S(J,"somebody else is signed in");return h}};var X="bellhop:shown:";function gt(s){let t=new Map;try{let e=s();for(let i=0;i<e.length;i+=1){let n=e.key(i);n.startsWith(X)&&t.set(n.slice(X.length),wt(e.getItem(n)))}}catch{}return t}function wt(s){let t=Number(s);return Number.isSafeInteger(t)&&t>0?t:0}var N=class{#e;#t;#n=0;constructor(t,e){this.#e=X+t;try{this.#t=e(),this.#n=this.#s()}catch{this.#t=null}}get seq(){return this.#n}reread(){return this.#n=Math.max(this.#n,this.#s()),this.#n}raise(t){t<=this.#n||(this.#n=t,t>this.#s()&&this.#i(t))}reset(t){this.#n=t,this.#i(t)}#s(){try{return wt(this.#t?.getItem(this.#e))}catch{return 0}}#i(t){try{this.#t?.setItem(this.#e,String(t))}catch{}}};function m(s,t={},{cancelable:e=!1}={}){return document.dispatchEvent(new CustomEvent(`bellhop:${s}`,{detail:t,cancelable:e}))}var M=class{#e;#t;#n;#s;constructor({unread:t,seq:e,rev:i},n=()=>{}){this.#e=t,this.#t=e,this.#n=i,this.#s=n}get count(){return this.#e}get rev(){return this.#n}ready({seq:t,rev:e,unread:i}){this.#t=t,this.#n=e,this.#i(i)}beat({seq:t,rev:e,unread:i}){t<this.#t||e<this.#n||this.ready({seq:t,rev:e,unread:i})}state({seq:t,rev:e,unread:i}){e<this.#n||(this.#n=e,Number.isInteger(t)&&(this.#t=Math.max(this.#t,t)),this.#i(i))}notification({seq:t,read:e}){!Number.isInteger(t)||t<=this.#t||(this.#t=t,e||this.#i(this.#e+1))}#i(t){t!==this.#e&&(this.#e=t,this.#s(t))}};var C=class{#e;#t;#n;#s;#i=[];#o=null;#r=0;constructor({show:t,more:e,shown:i,timers:n}){this.#e=t,this.#t=e,this.#n=i,this.#s=n??{setTimeout:(r,o)=>globalThis.setTimeout(r,o),clearTimeout:r=>globalThis.clearTimeout(r)}}catchUp(t){this.#r=t}push(t){this.#i.push(t);let{seq:e}=t;Number.isInteger(e)&&e<this.#r?this.#a():(e===this.#r||this.#o===null)&&this.#h()}forget(t){for(let e of this.#i)t(e)&&(e.gone=!0)}skip(t){t>0&&this.#t(t)}#a(){this.#o??=this.#s.setTimeout(()=>this.#h(),250)}#h(){this.#o!==null&&this.#s.clearTimeout(this.#o),this.#o=null;let t=this.#i;if(t.length===0)return;this.#i=[];let e=t.filter(({read:r,gone:o})=>!r&&!o),i=e.slice(0,-4);i.length>0&&this.#t(i.length);for(let r of e.slice(-4))this.#e(r);let n=t.map(({seq:r})=>r).filter(Number.isInteger);n.length>0&&this.#n(n.at(-1)),this.#a()}};var Ft=5e3,L=class{#e;#t;#n;#s;#i;#o=0;#r;#a=!1;#h=!1;#l=Promise.resolve();constructor({user_key:t,seq:e,rev:i,unread:n,since:r=e},{rendered:o,shown:h},a,c){this.key=t,this.#r=c,this.#s=new N(t,()=>window.localStorage),this.#i=Math.min(h,this.#s.seq),this.#n=new C({show:u=>this.#p("toast",u),more:u=>this.#p("more",u),shown:u=>this.#m(u)}),this.#t=new M({seq:e,rev:i,unread:n},u=>{this.#p("unread",u),m("unread",{unread:u})}),this.#e=new O({url:a,after:Math.max(r,Math.min(this.#i,o)),isOnline:()=>navigator.onLine,checkSession:c.checkSession}),this.#w()}get unread(){return this.#t.count}get position(){return{seq:this.#e.cursor,rev:this.#t.rev}}start(){this.#e.start()}stop(){this.#e.stop()}end(){this.#a=!0,this.#e.stop()}wake(){document.hidden||this.#s.raise(this.#o),this.#e.wake()}networkChanged(){this.#e.networkChanged()}hold(){if(this.#h)return;this.#h=!0;let t=new Promise(e=>setTimeout(e,Ft));this.#c(()=>t),this.#c(()=>{this.#h=!1,this.#i=Math.max(this.#i,this.#s.reread())})}heard(t){this.#t.beat(t)}changed(t,e){this.#p("answered",t,e),this.#b(t),this.#t.state(e),m("changed")}#w(){let t=(e,i)=>this.#e.addEventListener(e,({detail:n})=>this.#a||i(n));t("state",e=>{mt(e),e.state===l.SIGNED_OUT?this.#r.over():this.#r.state(e)}),t("ready",e=>{e.user_key!==void 0&&e.user_key!==this.key?this.#r.over():this.#d(e)}),t("beat",e=>this.#c(()=>{this.#t.beat(e),this.#p("beat",e)})),t("sync",e=>this.#c(()=>{this.#p("changed",e),this.#b(e),this.#t.state(e),m("changed")})),t("notification",e=>this.#c(()=>this.#g(e))),t("resync",e=>{pt(e),this.#p("resync"),this.#c(()=>this.#f(e))})}#c(t){this.#l=this.#l.then(()=>this.#a?void 0:t()).catch(e=>w("unexpected",e))}#d(t){let e=t.seq<this.#i;this.#c(()=>this.#y(t,e))}#y(t,e){e&&(this.#i=0,this.#s.reset(Math.min(this.#e.cursor,t.seq))),this.#t.ready(t),this.#n.catchUp(t.seq),this.#p("ready",t),m("changed")}#g(t){this.#t.notification(t),t.id&&this.#p("arrived",t),t.seq<=this.#i||this.#u(t)}#u(t){ft(t);let e=m("notification",t,{cancelable:!0})&&t.toast!==!1;this.#n.push(e?t:{...t,gone:!0})}async#f({seq:t,from:e}){let i=Math.max(e,this.#i),n=[];try{n=(await this.#r.list({limit:50})).results.filter(o=>o.seq>i&&o.seq<=t).reverse()}catch(r){w("could not fetch what was missed",r)}if(!this.#a){this.#n.catchUp(t),this.#n.skip(t-i-n.length);for(let r of n)this.#u(r);t<e?this.#s.reset(t):this.#m(t),m("changed")}}#m(t){this.#o=t,document.hidden||this.#s.raise(t)}#b({read:t=[],archived:e=[],removed:i=[],through:n=0}){let r=new Set([...t,...e,...i]);if(r.size===0&&n===0)return;let o=({id:h,seq:a})=>r.has(h)||Number.isInteger(a)&&a<=n;this.#n.forget(o),this.#p("forget",o)}#p(t,...e){this.#a||this.#r.tell(t,...e)}};var Rt=6e4,Ut={read:"read",unread:"unread_ids",archive:"archived"},Q=({status:s})=>s===401||s===J,Z=()=>document.querySelector("[data-bellhop-user]")?.dataset.bellhopUser||void 0,q=class{#e;#t;#n=new Set;#s=l.CLOSED;#i=null;#o=!1;#r=0;#a=-1/0;#h=new y;#l=null;#w=gt(()=>window.localStorage);constructor({api:t,socketUrl:e,csrfHeader:i}){this.#e=new I({base:t,csrfHeader:i}),this.#t=e}get state(){return this.#s}get unread(){return this.#i?.unread??0}get userKey(){return this.#i?.key??null}get hasEnded(){return this.#s===l.SIGNED_OUT&&this.#o}get position(){return this.#i?.position??null}attach(t){this.#n.add(t)}detach(t){this.#n.delete(t)}start(){this.#s===l.CLOSED&&(this.#i===null?this.#d():this.#i.start())}stop(){this.#g(),this.#i?.stop(),this.#m({state:l.CLOSED})}async refresh(){let t=this.#i;if(t===null){await this.#d();return}try{let e=await this.#e.summary();if(t!==this.#i)return;e.user_key===t.key?t.heard(e):this.#f(e)}catch(e){t===this.#i&&Q(e)&&this.#f()}}wake(){this.#i!==null?this.#i.wake():this.#l!==null?this.#d():this.#s===l.SIGNED_OUT&&Date.now()-this.#a>Rt&&this.#d()}hold(){this.#i?.hold()}networkChanged(){this.#i!==null?this.#i.networkChanged():navigator.onLine?this.wake():this.#s===l.WAITING&&this.#m({state:l.OFFLINE})}async list(t,e=this.userKey){let i=await this.#c(e,this.#e.list(t,e));return e===this.userKey&&this.#i?.heard(i),i}async mark(t,e,i=this.userKey){let n=await this.#c(i,this.#e.mark(t,e,i));return i===this.userKey&&this.#i?.changed(e.ids?{[Ut[t]]:e.ids}:e,n),n}follow(t,e=this.userKey){let{id:i,url:n,read:r}=t,o=m("open",{id:i,url:n,notification:t},{cancelable:!0});return i&&!r&&this.mark("read",{ids:[i]},e).catch(h=>w("could not mark as read",h)),o}tellFailure(t){w("request failed",t),Q(t)||this.#b("notice",t)}async#c(t,e){try{return await e}catch(i){throw Q(i)&&this.#i!==null&&t===this.#i.key&&this.#f(),i}}async#d(){this.#g();let t=this.#r;this.#a=Date.now(),this.#s!==l.SIGNED_OUT&&this.#m({state:l.CONNECTING});let e;try{e=await this.#e.summary()}catch(i){t===this.#r&&this.#y(i);return}t===this.#r&&this.#u(e)}#y(t){if(t.status===401){this.#f();return}w("could not ask who is signed in",t),this.#l=setTimeout(()=>this.#d(),this.#h.next()),this.#m({state:navigator.onLine?l.WAITING:l.OFFLINE})}#g(){this.#r+=1,clearTimeout(this.#l),this.#l=null}#u(t){let{user_key:e,seq:i}=t,n=Z();if(n!==void 0&&n!==e){this.#f();return}this.#h.reset(),this.#o=!0;let r=Math.min(i,...[...this.#n].map(c=>c.rendered?.(e)??i)),o=this.#w===null?1/0:this.#w.get(e)??0;this.#w=null;let h=null,a=new L(t,{rendered:r,shown:o},this.#t,{tell:(...c)=>this.#b(...c),state:c=>this.#m(c),over:()=>this.#f(h),list:c=>this.list(c,e),checkSession:async()=>{try{let c=await this.#e.summary();return c.user_key===e?200:(h=c,401)}catch(c){return c.status??0}}});this.#i=a,this.#b("unread",a.unread),m("unread",{unread:a.unread}),this.#b("joined",{seq:a.position.seq,rev:0}),a.start()}#f(t=null){this.#g();let e=this.#i;this.#i=null,this.#o||=Z()!==void 0,e?.end(),this.#m({state:l.SIGNED_OUT}),this.#b("ended"),m("unread",{unread:0}),t!==null?this.#u(t):e!==null&&Z()===void 0&&this.#d()}#m({state:t,...e}){let i=this.#s;t!==i&&(this.#s=t,this.#b("state",{state:t,previous:i,...e}),m("state",{state:t,previous:i}))}#b(t,...e){for(let i of[...this.#n])i[t]?.(...e)}};var D=Symbol.for("bellhop.client"),bt="bellhop:signed-in",yt=()=>document[D];function F({api:s,socket:t,csrfHeader:e}){if(document[D]===void 0){let i=new q({api:s,socketUrl:ut(t,location),csrfHeader:e});document[D]=i,Gt(i),queueMicrotask(()=>i.start())}return document[D]}function Gt(s){window.addEventListener("online",()=>s.networkChanged()),window.addEventListener("offline",()=>s.networkChanged()),document.addEventListener("visibilitychange",()=>{document.hidden||s.wake()}),window.addEventListener("pagehide",()=>s.stop()),window.addEventListener("pageshow",t=>{t.persisted&&s.start()}),window.addEventListener("submit",t=>{!t.defaultPrevented&&Pt(t)&&s.hold()}),window.addEventListener("storage",({key:t})=>{t===bt&&s.state===l.SIGNED_OUT&&s.refresh()}),s.attach({state:()=>$t(s),joined:Ht})}function Pt({target:s,submitter:t}){let e=t?.getAttribute("formtarget")??s.getAttribute("target"),i=t?.getAttribute("formmethod")??s.getAttribute("method");return(e??"_self")==="_self"&&i!=="dialog"}function Ht(){try{window.localStorage.setItem(bt,String(Date.now()))}catch{}}function $t(s){for(let t of document.querySelectorAll("[data-bellhop-signed-out]"))t.hidden=!s.hasEnded}var b={bell:"M6 16.5V11a6 6 0 1 1 12 0v5.5l1.5 2h-15ZM10 21h4",login:"M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M4 12h11M11 8l4 4-4 4",summary:"M4 7h16M4 12h16M4 17h10",problem:"M12 5v9M12 18.5v.5",dismiss:"M6 6l12 12M18 6L6 18"},St=s=>Object.hasOwn(b,s)?b[s]:b.bell;var kt="http://www.w3.org/2000/svg";function d(s,t={},...e){return tt(document.createElement(s),t,e)}function E(s,t=24){let e={fill:"none",stroke:"currentColor","stroke-width":2,"stroke-linecap":"round","stroke-linejoin":"round"},i=tt(document.createElementNS(kt,"path"),{d:s,...e},[]),n={viewBox:"0 0 24 24",width:t,height:t,"aria-hidden":"true",focusable:"false"};return tt(document.createElementNS(kt,"svg"),n,[i])}function k(s){let t=new CSSStyleSheet;return t.replaceSync(s),t}function tt(s,t,e){for(let[i,n]of Object.entries(t))n!==!1&&n!==null&&s.setAttribute(i,n===!0?"":String(n));return s.append(...e),s}var R=`
:host {
  --_surface: var(--bellhop-surface, light-dark(#fff, #1c2226));
  --_surface-sunk: var(--bellhop-surface-sunk, light-dark(#f1eee8, #252c31));
  --_text: var(--bellhop-text, light-dark(#1f262b, #e6e9eb));
  --_muted: var(--bellhop-muted, light-dark(#566069, #a0abb3));
  --_line: var(--bellhop-line, light-dark(#e3ded4, #2e363c));
  --_accent: var(--bellhop-accent, light-dark(#0b5f69, #74cdd6));
  --_accent-soft: var(--bellhop-accent-soft, light-dark(#e4f0f0, #17333a));
  --_mark: var(--bellhop-mark, light-dark(#a9701a, #e3ae4d));
  --_danger: var(--bellhop-danger, light-dark(#b42318, #ff9a90));
  --_danger-soft: var(--bellhop-danger-soft, light-dark(#fdecea, #3a2020));
  --_badge: var(--bellhop-badge, #e3ae4d);
  --_badge-text: var(--bellhop-badge-text, #2a1c00);
  --_radius: var(--bellhop-radius, 0.75rem);
  --_shadow: var(--bellhop-shadow, 0 2px 6px rgb(31 38 43 / 10%), 0 12px 32px rgb(31 38 43 / 16%));
}

*, ::before, ::after {
  box-sizing: border-box;
}

/* Against anything that a page says of all its elements: inside, "important" wins over the outside. */
[hidden] {
  display: none !important;
}
`;function Tt(s,t){return s===0&&!t?"You are offline, so nothing was changed.":s===0||s===503?"Bellhop does not answer just now. Please try again in a moment.":s===403?"This page is too old for that. Please reload it.":s===429?"That was a little too often. Please wait a moment.":"That didn’t work. Please try again."}var Et=`
:host {
  position: fixed !important;
  inset: auto 0 0 auto !important;
  z-index: var(--bellhop-z-index, 2147483000) !important;
  display: block !important;
  visibility: visible;
  color: var(--_text);
  font: 1rem/1.5 var(--bellhop-font, system-ui, sans-serif);
  pointer-events: none; /* between the toasts the page below stays usable */
}

:host(:dir(rtl)) {
  inset: auto auto 0 0 !important;
}

[part="toasts"] {
  display: grid;
  gap: 0.625rem;
  width: min(27.5rem, 100vw);
  max-height: calc(100vh - 4rem);
  padding-block-start: 2.5rem; /* not margins: room for the shadows, which overflow would cut off */
  padding-inline-start: 2.5rem;
  padding-inline-end: calc(1rem + env(safe-area-inset-right));
  padding-block-end: calc(1rem + env(safe-area-inset-bottom));
  overflow: hidden auto;
}

[part="toasts"]:empty {
  display: none;
}

[part="toast"] {
  display: grid;
  grid-template-columns: auto minmax(0, 1fr) auto;
  align-items: start;
  gap: 0.75rem;
  padding: 0.75rem;
  padding-inline-end: 0.25rem;
  border: 1px solid var(--_line);
  border-inline-start: 4px solid var(--_mark);
  border-radius: var(--_radius);
  background: var(--_surface);
  box-shadow: var(--_shadow);
  pointer-events: auto;
  animation: come 0.22s ease-out;
}

[data-kind="problem"] {
  border-inline-start-color: var(--_danger);
}

[part="toast-icon"] {
  display: grid;
  place-items: center;
  width: 2.25rem;
  height: 2.25rem;
  border-radius: 50%;
  background: var(--_accent-soft);
  color: var(--_accent);
}

[data-kind="problem"] > [part="toast-icon"] {
  background: var(--_danger-soft);
  color: var(--_danger);
}

[part="toast-text"] {
  min-width: 0;
  max-height: 12rem;
  padding-block: 0.25rem;
  overflow-y: auto;
  overflow-wrap: anywhere;
}

p {
  margin: 0;
}

[part="toast-message"] {
  font-weight: 600;
  line-height: 1.4;
}

[part="toast-body"] {
  color: var(--_muted);
  font-size: 0.9375rem;
  white-space: pre-line;
}

[part="toast-link"] {
  display: inline-flex;
  align-items: center;
  min-height: 2.75rem;
  margin-block-end: -0.5rem;
  color: var(--_accent);
  font-weight: 500;
}

[part="toast-dismiss"] {
  display: grid;
  place-items: center;
  width: 2.75rem;
  height: 2.75rem;
  margin-block: -0.25rem;
  padding: 0;
  border: 0;
  border-radius: 0.5rem;
  background: none;
  color: var(--_muted);
  cursor: pointer;
}

:is([part="toast-dismiss"], [part="toast-link"]):focus-visible {
  outline: 2px solid var(--_accent);
  outline-offset: -2px;
}

@media (max-width: 40rem) {
  [part="toasts"] {
    padding-inline-start: 1rem;
  }
}

@keyframes come {
  from {
    opacity: 0;
    transform: translateY(0.75rem);
  }
}

@media (prefers-reduced-motion: reduce) {
  [part="toast"] {
    animation: none;
  }
}
`;function U(s){if(typeof s!="string"||!/^(\/|https?:\/\/)/i.test(s))return null;try{let{protocol:t}=new URL(s,"https://base.invalid");return t==="https:"||t==="http:"?s:null}catch{return null}}function vt({message:s,kind:t="message",id:e="",body:i="",url:n=null,linkText:r="Open"},o){let h=d("button",{part:"toast-dismiss",type:"button","data-dismiss":!0,"aria-label":"Dismiss"},E(b.dismiss,18));return h.addEventListener("click",o),d("div",{part:"toast","data-testid":"toast","data-kind":t,"data-id":e},d("span",{part:"toast-icon","aria-hidden":"true"},E(St(t),18)),d("div",{part:"toast-text"},d("p",{part:"toast-message","data-testid":"toast-message",dir:"auto"},s),d("p",{part:"toast-body","data-body":!0,dir:"auto",hidden:!i},i??""),d("a",{part:"toast-link","data-link":!0,href:n,hidden:n===null},r)),h)}var xt=8e3,et=500,jt=2,G=class{#e;#t;#n;#s=new Map;#i=new Map;#o=null;#r=null;#a=0;#h=null;#l=matchMedia("(hover: hover)");#w=matchMedia("(max-width: 40rem)");constructor(t,e,i){this.#e=t,this.#t=e,this.#n=i}show(t){let{id:e="",kind:i,message:n,body:r,url:o}=t,h=this.#c({id:e,kind:i,message:n,body:r,url:U(o)});this.#i.set(h,t),h.querySelector("[data-link]").addEventListener("click",a=>{this.#n(t)||a.preventDefault()}),this.#y(),this.#d(h)}forget(t){for(let[e,i]of[...this.#i])t(i)&&this.#g(e)}clear(){for(let t of[...this.#s.keys()])this.#u(t)}more(t){this.#a+=t;let e=`${this.#a} more notification${this.#a===1?"":"s"}`;this.#o===null?(this.#o=this.#c({kind:"summary",message:e,url:this.#t(),linkText:"Show all"}),this.#e.prepend(this.#o)):this.#o.querySelector("[data-testid=toast-message]").textContent=e,this.#s.set(this.#o,xt),this.#f()}notice(t){let e=this.#c({kind:"problem",message:t});this.#r!==null&&this.#u(this.#r),this.#r=e,this.#d(e)}#c(t){let e=vt(t,()=>this.#g(e));return e.addEventListener("keydown",i=>{i.key==="Escape"&&this.#g(e)}),e}#d(t){this.#e.append(t),this.#s.set(t,xt),this.#f()}#y(){let t=[...this.#s.keys()].filter(n=>n!==this.#o);if(t.length<(this.#w.matches?jt:4))return;let e=t.find(n=>!n.matches(":hover, :focus-within"))??t[0],i=e.dataset.kind!=="problem";this.#u(e),i&&this.more(1)}#g(t){let e=t.nextElementSibling??t.previousElementSibling,i=t.matches(":focus-within");this.#u(t),i&&e?.querySelector("[data-dismiss]").focus()}#u(t){t.remove(),this.#s.delete(t),this.#i.delete(t),t===this.#r&&(this.#r=null),t===this.#o&&(this.#o=null,this.#a=0)}#f(){this.#h??=setInterval(()=>{if(!this.#m()){for(let[t,e]of[...this.#s])e<=et?this.#u(t):this.#s.set(t,e-et);this.#s.size>0||(clearInterval(this.#h),this.#h=null)}},et)}#m(){return document.hidden||this.#e.matches(":focus-within")?!0:this.#l.matches&&this.#e.matches(":hover")}};var Kt="bellhop-toasts",P=Symbol.for("bellhop.toasts");function H(s,t){s[P]??={view:Wt(s)},s[P].href=t||s[P].href}function Wt(s){let t=d(Kt),e=t.attachShadow({mode:"open"});e.adoptedStyleSheets=[k(R),k(Et)];let i=d("div",{part:"toasts",role:"status","aria-live":"polite","aria-atomic":"false"});e.append(i),document.documentElement.append(t);let n=new G(i,()=>s[P].href??"",o=>s.follow(o)),r={toast:o=>n.show(o),more:o=>n.more(o),forget:o=>n.forget(o),notice:({status:o})=>n.notice(Tt(o,navigator.onLine)),ended:()=>n.clear()};return s.attach(r),r}var Yt=new Set(["open","signed-out"]),_t={connecting:"Connecting…",waiting:"Reconnecting…",offline:"Offline",open:"Live","signed-out":"Signed out"},$=class{#e;#t;#n=null;#s=!1;#i="connecting";constructor(t,e){this.#e=t,this.#t=e}set(t){t in _t&&(this.#i=t,this.#s||=t==="open",this.#e.dataset.state=t,Yt.has(t)?this.#o():this.#n??=setTimeout(()=>this.#o(),2e3))}hide(){clearTimeout(this.#n),this.#n=null,this.#e.hidden=!0}#o(){clearTimeout(this.#n),this.#n=null;let t=this.#i==="connecting"&&this.#s?"waiting":this.#i;this.#e.dataset.shown=t,this.#t.textContent=_t[t],this.#e.hidden=!1}};var Ot=`
:host {
  display: inline-flex !important;
  align-items: center;
  gap: 0.5rem;
  visibility: visible;
  font-family: var(--bellhop-font, inherit);
}

:host([hidden]) {
  display: none !important;
}

a {
  position: relative;
  display: inline-grid;
  place-items: center;
  min-width: 2.75rem;
  min-height: 2.75rem;
  border-radius: 50%;
  color: inherit;
  text-decoration: none;
  cursor: pointer;
}

a:focus-visible {
  outline: 2px solid currentColor;
  outline-offset: -2px;
}

[part="badge"] {
  position: absolute;
  inset-block-start: 0.125rem;
  inset-inline-start: 50%;
  min-width: 1.25rem;
  padding: 0 0.3125rem;
  border-radius: 0.625rem;
  background: var(--_badge);
  color: var(--_badge-text);
  font-size: 0.75rem;
  font-weight: 700;
  line-height: 1.25rem;
  text-align: center;
}

[part="status"] {
  display: none;
  align-items: center;
  gap: 0.375rem;
  color: var(--_muted);
  font-size: 0.875rem;
}

/* Quiet: a word only where something is wrong, and has been for a while. */
[part="status"]:is([data-shown="connecting"], [data-shown="waiting"], [data-shown="offline"]) {
  display: inline-flex;
}

[part="dot"] {
  width: 0.5rem;
  height: 0.5rem;
  border-radius: 50%;
  background: var(--_mark);
}

[data-shown="open"] > [part="dot"] {
  background: light-dark(#1d6b3f, #7fd1a0);
}

[data-shown="offline"] > [part="dot"],
[data-shown="signed-out"] > [part="dot"] {
  background: var(--_danger);
}

@media (forced-colors: active) {
  [part="badge"] {
    border: 1px solid;
  }

  [part="dot"] {
    background: CanvasText;
    forced-color-adjust: none;
  }
}
`;function At(s){return s===0?"No unread notifications":s===1?"1 unread notification":`${s} unread notifications`}function B(s){return s>99?"99+":String(s)}var zt=/^\((?:\d+|99\+)\) /,It=new Set;function Nt(s){let[t=""]=zt.exec(document.title)??[],e=It.has(t)?document.title.slice(t.length):document.title,i=s===0?"":`(${B(s)}) `;i&&It.add(i),document.title!==i+e&&(document.title=i+e)}var j=class extends HTMLElement{#e=null;#t={unread:t=>this.#o(t),state:({state:t})=>this.#r(t),ended:()=>this.#o(0)};#n;#s;#i;connectedCallback(){this.#n===void 0&&this.#a(),this.#n.setAttribute("href",this.getAttribute("href")??"");let t=F({api:this.getAttribute("api"),socket:this.getAttribute("socket"),csrfHeader:this.getAttribute("csrf-header")});this.#e=t,t.attach(this.#t),H(t,this.getAttribute("href")),this.#o(t.unread),this.#r(t.state),t.state===l.SIGNED_OUT&&t.refresh()}disconnectedCallback(){this.#e.detach(this.#t)}#o(t){this.#s.textContent=B(t),this.#s.hidden=t===0,this.#n.setAttribute("aria-label",At(t)),this.setAttribute("unread",String(t)),this.hasAttribute("title-count")&&Nt(t)}#r(t){this.setAttribute("state",t),t===l.SIGNED_OUT&&!this.#e.hasEnded?this.#i.hide():this.#i.set(t)}#a(){let t=this.attachShadow({mode:"open"});t.adoptedStyleSheets=[k(R),k(Ot)],this.#s=d("span",{part:"badge","data-testid":"bell-count","aria-hidden":"true",hidden:!0});let e=d("span",{part:"icon"},E(b.bell,22));this.#n=d("a",{part:"bell","data-testid":"bell"},e,this.#s);let i=d("span",{part:"word","data-word":!0},"Connecting…"),n=d("span",{part:"status","data-testid":"connection","data-state":"connecting",hidden:!0},d("span",{part:"dot","aria-hidden":"true"}),i);this.#i=new $(n,i),t.append(n,this.#n)}};var K=class{#e;#t;#n;#s;#i=Promise.resolve();#o=!1;#r=!1;#a=!1;constructor({seq:t,rev:e,fetchList:i,applyList:n}){this.#e=t,this.#t=e,this.#n=i,this.#s=n}get seq(){return this.#e}arrived(t){if(t<=this.#e)return!1;let e=t>this.#e+1;return this.#e=t,e&&this.refresh(),!0}changed({since:t,seq:e,rev:i,reload:n=!1}){return i<=this.#t?!1:(n||t>this.#t||e>this.#e?this.refresh():this.#t=i,!n)}answered({rev:t,changed:e}){return t<=this.#t?!1:(e>0&&t===this.#t+1?this.#t=t:this.refresh(),e>0)}joined({seq:t,rev:e}){(t>this.#e||e>this.#t)&&this.refresh()}ready({seq:t,rev:e}){let i=e!==this.#t||t<this.#e;this.#e=Math.min(this.#e,t),this.#t=Math.min(this.#t,e),(i||this.#a)&&this.refresh()}beat({seq:t,rev:e}){(t>this.#e||e>this.#t||this.#a)&&this.refresh()}refresh(){return this.#o?this.#r=!0:this.#i=this.#h(),this.#i}async#h(){this.#o=!0;do{this.#r=!1;let t=this.#t;try{let e=await this.#n(),{seq:i,rev:n}=e;this.#s(e),n<this.#t&&t<this.#t&&(this.#r=!0),this.#t=n,this.#e=Math.max(this.#e,i),this.#a=!1}catch{this.#a=!0,this.#r=!1}}while(this.#r);this.#o=!1}};var Vt=[["year",31557600],["month",2629800],["week",604800],["day",86400],["hour",3600],["minute",60]];function Mt(s,t,e){let i=Math.round((t-s)/1e3);for(let[n,r]of Vt)if(i>=r)return e.format(-Math.floor(i/r),n);return"just now"}var Jt=new Intl.RelativeTimeFormat("en",{numeric:"auto"}),Xt=new Intl.DateTimeFormat(void 0,{dateStyle:"full",timeStyle:"medium"});function v(s,t=Date.now()){for(let e of s.querySelectorAll("time[datetime]")){let i=Date.parse(e.dateTime);Number.isNaN(i)||(e.textContent=Mt(i,t,Jt),e.title=Xt.format(i))}}var W=s=>s.dataset.id,g=s=>Number(s.dataset.seq);function x(s,t){s.dataset.read=String(t)}function Ct(s,t){let e=s.content.firstElementChild.cloneNode(!0),{id:i,seq:n,kind:r,message:o,body:h,url:a,created:c,read:u}=t;Object.assign(e.dataset,{id:i,seq:n,kind:r}),x(e,!!u);let it=e.querySelector("[data-message]");it.textContent=o;let nt=U(a);nt!==null&&(it.href=nt);let rt=e.querySelector("[data-body]");return rt.textContent=h??"",rt.hidden=!h,e.querySelector("time").dateTime=c,e.querySelector("input[name=id]").value=i,e}var Qt=50,st=200,Y=class{#e;#t;#n;#s;constructor(t){this.#e=t,this.#t=t.querySelector("[data-items]"),this.#n=t.querySelector("template"),this.#s=t.dataset.newest==="true",this.#h()}get element(){return this.#e}add(t){this.#s&&(this.#o(t),this.#r(),this.#h())}apply({read:t=[],unread_ids:e=[],archived:i=[],removed:n=[],through:r}){let[o,h,a]=[new Set(t),new Set(e),new Set([...i,...n])];for(let c of this.#i()){let u=W(c);a.has(u)?c.remove():h.has(u)?x(c,!1):(o.has(u)||g(c)<=r)&&x(c,!0)}this.#h()}endAt(t){for(let i of this.#i())g(i)>t&&i.remove();let e=this.#e.querySelector("input[name=through]");e.value=Math.min(t,Number(e.value)),this.#h()}query(){let t=this.#i().map(g),e=Math.min(Math.max(t.length,Qt),st);return this.#s||t.length===0?{limit:e}:{limit:t.length,before:Math.max(...t)+1}}reconcile({results:t,seq:e,next:i}){let n=new Map(this.#i().map(a=>[W(a),a])),r=this.#s?e:Math.max(0,...this.#i().map(g)),o=i===null?0:Math.min(...t.map(a=>a.seq)),h=new Set(t.map(a=>a.id));for(let[a,c]of n)g(c)<=r&&(this.#s||g(c)>=o)&&!h.has(a)&&c.remove();for(let a of t){let c=n.get(a.id);c!==void 0?x(c,a.read):a.seq<=r&&this.#o(a)}this.#s&&this.#a(i!==null),this.#r(),this.#h()}#i(){return[...this.#t.children]}#o(t){let e=null;for(let n of this.#t.children){if(W(n)===t.id)return;e===null&&g(n)<t.seq&&(e=n)}let i=Ct(this.#n,t);v(i),this.#t.insertBefore(i,e)}#r(){if(!(this.#t.childElementCount<=st)){for(;this.#t.childElementCount>st;)this.#t.lastElementChild.remove();this.#a(!0)}}#a(t){let e=this.#e.querySelector("[data-older]");e.hidden=!t||this.#t.childElementCount===0,e.hidden||(e.href=`${this.#e.dataset.url}?before=${g(this.#t.lastElementChild)}`)}#h(){let t=this.#i();this.#e.querySelector("[data-empty]").hidden=t.length>0,this.#t.hidden=t.length===0;let e=this.#e.querySelector("input[name=through]");this.#s&&t.length>0&&(e.value=Math.max(g(t[0]),Number(e.value)))}showUnread(t){this.#e.querySelector("[data-mark-all]").hidden=t===0,this.#e.querySelector("[data-unread]").textContent=t===0?"All caught up":`${t} unread`}};function Lt(s,{mark:t,failed:e}){s.addEventListener("submit",async i=>{let n=i.target;if(!n.matches("form[data-mark]")||(i.preventDefault(),n.ariaBusy==="true"))return;n.ariaBusy="true";let r=new FormData(n),o=i.submitter?.value||r.get("action"),h=r.get("id"),a=Number(r.get("through")),c=Zt(n);try{await t(o,h?{ids:[h]}:{through:a}),c()}catch(u){e(u)}finally{n.ariaBusy=null}})}function Zt(s){if(!s.contains(document.activeElement))return()=>{};let t=s.closest("[data-id]"),e=t?.parentElement,i=t?[...e.children].indexOf(t):-1;return()=>{let n=document.activeElement;if(n!==document.body&&n.checkVisibility())return;([...(s.isConnected?s:e?.children[Math.min(i,e.childElementCount-1)])?.querySelectorAll("button")??[]].find(h=>h.checkVisibility())??document.getElementById("bellhop-inbox-title"))?.focus()}}var te=6e4,z=class extends HTMLElement{#e=null;#t;#n;#s;#i;#o={rendered:t=>this.#r(t)?this.#s.seq:1/0,unread:this.#a(t=>this.#n.showUnread(t)),joined:this.#a(t=>this.#s.joined(t)),ready:this.#a(t=>{this.#n.endAt(t.seq),this.#s.ready(t)}),beat:this.#a(t=>this.#s.beat(t)),changed:this.#a(t=>this.#s.changed(t)&&this.#n.apply(t)),answered:this.#a((t,e)=>this.#s.answered(e)&&this.#n.apply(t)),arrived:this.#a(t=>this.#s.arrived(t.seq)&&this.#n.add(t)),resync:this.#a(()=>this.#s.refresh())};connectedCallback(){let{bellhopUser:t,seq:e,rev:i}=this.dataset;this.#t=t||void 0;let n=F({api:this.getAttribute("api"),socket:this.getAttribute("socket"),csrfHeader:this.getAttribute("csrf-header")});if(this.#e=n,this.#n===void 0&&(this.#n=new Y(this),this.#s=new K({seq:Number(e),rev:Number(i),fetchList:()=>n.list(this.#n.query(),this.#t),applyList:o=>this.#n.reconcile(o)}),this.#h(n)),v(this),this.#i=setInterval(()=>v(this),te),n.attach(this.#o),H(n,this.dataset.url),n.position===null)return;this.#o.joined(n.position);let r=!this.#r(n.userKey);for(let o of this.querySelectorAll("[data-bellhop-signed-out]"))o.hidden=!r}disconnectedCallback(){clearInterval(this.#i),this.#e.detach(this.#o)}#r(t){return this.#t===void 0||this.#t===t}#a(t){return(...e)=>{this.#r(this.#e.userKey)&&t(...e)}}#h(t){Lt(this,{mark:(e,i)=>t.mark(e,i,this.#t),failed:e=>t.tellFailure(e)}),this.addEventListener("click",e=>{let i=e.target.closest("a[data-message][href]"),n=i?.closest("[data-id]");if(!n)return;let{id:r,read:o}=n.dataset,h={id:r,url:i.getAttribute("href"),message:i.textContent,read:o==="true"};t.follow(h,this.#t)||e.preventDefault()})}};for(let[s,t]of[["bellhop-bell",j],["bellhop-inbox",z]])customElements.get(s)===void 0&&customElements.define(s,t);"bellhop"in window||Object.defineProperty(window,"bellhop",{get:yt,configurable:!0});})();
